// The bytes of the log: checksums, records, envelopes.
#include "platform/messaging/embedded/record.hpp"

#include <gtest/gtest.h>

#include "platform/messaging/conformance/test_support.hpp"
#include "platform/messaging/embedded/crc32c.hpp"
#include "platform/messaging/embedded/envelope_codec.hpp"

namespace baedal::messaging {
namespace {

TEST(Crc32c, gives_the_check_value_of_rfc_3720_with_and_without_the_instruction) {
  EXPECT_EQ(crc32c("123456789", 9), 0xe3069283U);
  EXPECT_EQ(crc32c_portable("123456789", 9), 0xe3069283U);
  std::string text;
  for (int size = 0; size < 300; ++size) {
    EXPECT_EQ(crc32c(text.data(), text.size(), 7), crc32c_portable(text.data(), text.size(), 7));
    text.push_back(static_cast<char>(size * 31));
  }
}

TEST(Record, reads_what_it_wrote_and_is_short_at_every_length_before) {
  RecordBatch batch;
  ASSERT_TRUE(batch.add("hello"));
  for (std::size_t size = 0; size < batch.bytes().size(); ++size) {
    EXPECT_EQ(parse_record(batch.bytes().substr(0, size)).state, ParsedRecord::State::kShort);
  }
  const auto record = parse_record(batch.bytes());
  EXPECT_EQ(record.state, ParsedRecord::State::kWhole);
  EXPECT_EQ(record.payload, "hello");
}

TEST(Record, any_flipped_bit_is_noticed) {
  RecordBatch batch;
  ASSERT_TRUE(batch.add("hello"));
  for (std::size_t bit = 0; bit < batch.bytes().size() * 8; ++bit) {
    std::string bytes(batch.bytes());
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_NE(parse_record(bytes).state, ParsedRecord::State::kWhole) << "bit " << bit;
  }
}

TEST(Record, zeros_are_no_record) {
  EXPECT_EQ(parse_record(std::string(100, '\0')).state, ParsedRecord::State::kDamaged);
}

TEST(Record, empty_and_huge_payloads_are_refused_and_leave_the_batch_as_it_was) {
  RecordBatch batch;
  ASSERT_TRUE(batch.add("hello"));
  const std::string before(batch.bytes());
  EXPECT_FALSE(batch.add(""));
  EXPECT_FALSE(batch.add(std::string(kPayloadBytesMax + 1, 'x')));
  EXPECT_EQ(batch.bytes(), before);
}

TEST(EnvelopeCodec, reads_what_it_wrote) {
  Envelope envelope = make_event(7, "key");
  envelope.traceparent = "00-abc-def-01";
  envelope.time.micros = -5;
  for (const std::size_t size : {0UL, 1UL, 127UL, 128UL, 16'383UL, 16'384UL, 3'000'000UL}) {
    envelope.data.assign(size, 'x');
    std::string bytes;
    encode_envelope(envelope, bytes);
    const auto read = decode_envelope(bytes);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, envelope);
  }
}

TEST(EnvelopeCodec, refuses_cut_and_overlong_payloads_and_unknown_versions) {
  std::string bytes;
  encode_envelope(make_event(7, "key"), bytes);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_envelope(std::string_view(bytes).substr(0, size)));
  }
  EXPECT_FALSE(decode_envelope(bytes + "x"));
  bytes[0] = 2;
  EXPECT_FALSE(decode_envelope(bytes));
}

}  // namespace
}  // namespace baedal::messaging
