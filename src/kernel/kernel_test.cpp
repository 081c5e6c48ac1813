// Pure values: each rule by example, bounds included.
#include <gtest/gtest.h>

#include <limits>

#include "kernel/money.hpp"
#include "kernel/text.hpp"
#include "kernel/timestamp.hpp"

namespace baedal {
namespace {

TEST(Money, multiplies_and_refuses_overflow) {
  EXPECT_EQ((Money{4500}.times(3)), Money{13500});
  EXPECT_EQ((Money{0}.times(999)), Money{0});
  EXPECT_FALSE((Money{std::numeric_limits<std::int64_t>::max()}.times(2)).has_value());
}

TEST(Currency, accepts_iso_4217_only) {
  EXPECT_EQ(Currency::parse("KRW")->code(), "KRW");
  EXPECT_EQ(Currency::parse("EUR")->code(), "EUR");
  for (const char* bad : {"", "krw", "KR", "KRWX", "ZZZ", "XXX"})
    EXPECT_FALSE(Currency::parse(bad)) << bad;
}

TEST(Timestamp, writes_and_reads_both_forms) {
  const Timestamp t{1'614'070'616'789'000};  // 2021-02-23T08:56:56.789Z
  EXPECT_EQ(t.iso8601(), "2021-02-23T08:56:56.789Z");
  EXPECT_EQ(t.compact(), "20210223085656");
  EXPECT_EQ(Timestamp::parse_iso8601(t.iso8601()), t);
  EXPECT_EQ(Timestamp::parse_iso8601("2021-02-23T17:56:56.789+09:00"), t);
  EXPECT_EQ(Timestamp::parse_compact("20210223085656")->micros, 1'614'070'616'000'000);
}

TEST(Timestamp, last_days_of_december_keep_their_year) {
  // The seed formats with the week year: 2020-12-30 became 2021.
  EXPECT_EQ(Timestamp::parse_iso8601("2020-12-30T12:00:00Z")->compact(), "20201230120000");
}

TEST(Timestamp, refuses_what_is_no_time) {
  for (const char* bad : {"", "2021-02-30T00:00:00Z", "2021-02-23T24:00:00Z", "2021-02-23T08:56:56",
                          "2021-02-23T08:56:56.Z", "2021/02/23T08:56:56Z"}) {
    EXPECT_FALSE(Timestamp::parse_iso8601(bad)) << bad;
  }
  EXPECT_FALSE(Timestamp::parse_compact("20211301000000"));
  EXPECT_FALSE(Timestamp::parse_compact("2021"));
}

TEST(Text, counts_code_points_and_refuses_bad_utf8) {
  EXPECT_EQ(utf8_length("김밥"), 2U);
  EXPECT_EQ(utf8_length("🍱"), 1U);
  for (const char* bad : {"\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\x80"}) {
    EXPECT_FALSE(utf8_length(bad));
  }
}

TEST(Text, compares_names_without_case_at_every_place) {
  const std::string name = "Transfer-Encoding";
  for (std::size_t at = 0; at < name.size(); ++at) {
    std::string other = name;
    other[at] = static_cast<char>(other[at] ^ 0x20);  // the other case, or another sign
    EXPECT_EQ(iequals(name, other), name[at] != '-') << other;
    other[at] = '0';
    EXPECT_FALSE(iequals(name, other)) << other;
  }
  EXPECT_TRUE(iequals("", ""));
  EXPECT_FALSE(iequals("Content-Type", "Content-Typ"));
}

TEST(Text, parses_whole_integers_only) {
  EXPECT_EQ(parse_int64("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  for (const char* bad : {"", " 1", "1 ", "+1", "1.0", "0x1", "9223372036854775808"}) {
    EXPECT_FALSE(parse_int64(bad)) << bad;
  }
}

}  // namespace
}  // namespace baedal
