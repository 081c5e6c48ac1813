// Bytes and back, on random values from a fixed seed; order of keys against order of values.
#include "platform/store/lmdb/encoding.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace baedal::store::lmdb {
namespace {

using Random = std::mt19937_64;

std::int64_t random_integer(Random& random) {
  // All magnitudes alike, so that every varint length occurs.
  const auto bits = static_cast<std::int64_t>(random() >> (random() % 64));
  return random() % 2 == 0 ? bits : -bits - 1;
}

std::string random_text(Random& random, std::size_t size_max) {
  std::string text(random() % (size_max + 1), '\0');
  for (char& c : text) c = static_cast<char>(random() % 3 == 0 ? random() : random() % 2);
  return text;
}

Value random_value(Random& random) {
  switch (random() % 4) {
    case 0:
      return std::monostate{};
    case 1:
      return random_integer(random);
    case 2:
      return random_text(random, 4);
    default:
      return random_text(random, 2 * kIndexTextMax);
  }
}

TEST(LmdbEncoding, ids_keep_their_value_and_their_order) {
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  const std::int64_t ids[] = {kMin, -256, -255, -1, 0, 1, 255, 256, 65536, kMax};
  for (std::size_t i = 0; i < std::size(ids); ++i) {
    EXPECT_EQ(read_id(view(id_key(ids[i]))), ids[i]);
    if (i > 0) {
      EXPECT_LT(view(id_key(ids[i - 1])), view(id_key(ids[i])));
    }
  }
}

TEST(LmdbEncoding, rows_come_back_as_they_were) {
  Random random(1);
  for (int round = 0; round < 20'000; ++round) {
    Row row(1 + random() % 9);
    row[0] = random_integer(random);
    for (std::size_t i = 1; i < row.size(); ++i) row[i] = random_value(random);
    const auto back =
        decode_row(std::get<std::int64_t>(row[0]), encode_row(row), row.size(), row.size());
    ASSERT_TRUE(back.has_value());
    ASSERT_EQ(*back, row);
  }
}

TEST(LmdbEncoding, a_row_of_before_a_column_was_added_has_nothing_there) {
  const Row row = {std::int64_t{1}, std::int64_t{5}, std::string{"all"}};
  const std::string bytes = encode_row({row[0], row[1]});
  EXPECT_EQ(decode_row(1, bytes, 3, 2).value(), (Row{row[0], row[1], Value{}}));
  EXPECT_EQ(decode_row(1, encode_row(row), 3, 2).value(), row);
  EXPECT_FALSE(decode_row(1, bytes, 3, 3)) << "it was always there";
  EXPECT_FALSE(decode_row(1, "", 3, 2)) << "the other was";
}

TEST(LmdbEncoding, cut_or_changed_bytes_never_do_more_than_fail) {
  Random random(2);
  for (int round = 0; round < 20'000; ++round) {
    const Row row = {std::int64_t{1}, random_value(random), random_value(random)};
    std::string bytes = encode_row(row);
    const std::string cut = bytes.substr(0, random() % bytes.size());
    EXPECT_FALSE(decode_row(1, cut, row.size(), row.size()).has_value());
    bytes[random() % bytes.size()] = static_cast<char>(random());
    (void)decode_row(1, bytes, row.size(), row.size());
    (void)decode_event(bytes);
    (void)decode_answer(bytes);
  }
}

TEST(LmdbEncoding, index_keys_sort_as_their_values) {
  Random random(3);
  for (int round = 0; round < 50'000; ++round) {
    const Value a = random_value(random);
    const Value b = random_value(random);
    const std::string left = index_key(a);
    const std::string right = index_key(b);
    ASSERT_LE(left.size(), 511U - sizeof(IdKey));
    ASSERT_EQ(left == right, a == b);
    if (sorting_part(left) != sorting_part(right)) {
      ASSERT_EQ(left < right, a < b);
    }
  }
}

TEST(LmdbEncoding, long_texts_that_begin_alike_have_different_keys_of_equal_sorting_part) {
  const std::string common(kIndexTextMax, 'a');
  const std::string whole = text_key(common);
  const std::string left = text_key(common + "b");
  const std::string right = text_key(common + "c");
  EXPECT_FALSE(is_cut(whole));
  EXPECT_TRUE(is_cut(left));
  EXPECT_LT(whole, left);
  EXPECT_NE(left, right);
  EXPECT_EQ(sorting_part(left), sorting_part(right));
}

TEST(LmdbEncoding, events_and_answers_come_back_as_they_were) {
  const OutboxEvent event{"Type", "key", {-5}, std::string("{\"a\":\0}", 7), ""};
  const auto back = decode_event(encode_event(event));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->type, event.type);
  EXPECT_EQ(back->key, event.key);
  EXPECT_EQ(back->time, event.time);
  EXPECT_EQ(back->data, event.data);
  EXPECT_EQ(back->traceparent, event.traceparent);

  const auto kept = decode_answer(encode_answer({~std::uint64_t{0}, {7}, "answer"}));
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->fingerprint, ~std::uint64_t{0});
  EXPECT_EQ(kept->created_at, Timestamp{7});
  EXPECT_EQ(kept->answer, "answer");
}

}  // namespace
}  // namespace baedal::store::lmdb
