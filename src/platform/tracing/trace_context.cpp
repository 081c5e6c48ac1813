#include "platform/tracing/trace_context.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <random>
#include <span>

namespace baedal::tracing {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

/// Of version 00; others are at least as long.
constexpr std::size_t kTextBytes = 55;

constexpr std::uint8_t kNoDigit = 0xff;

/// The value of each character as a lower case digit. Every event that is handled brings 50 of
/// them: one look each, and one branch for all.
constexpr auto kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    values[static_cast<unsigned char>(kDigits[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}();

template <std::size_t kBytes>
bool read_hex(const char* text, std::array<std::uint8_t, kBytes>& bytes) {
  std::uint8_t seen = 0;
  for (std::uint8_t& byte : bytes) {
    const std::uint8_t high = kValues[static_cast<unsigned char>(*text++)];
    const std::uint8_t low = kValues[static_cast<unsigned char>(*text++)];
    seen |= high | low;
    byte = static_cast<std::uint8_t>(high * 16 + low);
  }
  return seen < kDigits.size();
}

/// The two digits of every byte.
constexpr std::array<char, 512> kPairs = [] {
  std::array<char, 512> pairs{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    pairs[2 * byte] = kDigits[byte >> 4U];
    pairs[2 * byte + 1] = kDigits[byte & 15U];
  }
  return pairs;
}();

template <std::size_t kBytes>
char* write_hex(const std::array<std::uint8_t, kBytes>& bytes, char* out) {
  for (const std::uint8_t byte : bytes) {
    std::memcpy(out, &kPairs[std::size_t{2} * byte], 2);
    out += 2;
  }
  return out;
}

/// xoshiro256++ by Blackman and Vigna: 256 bits of state, a few cycles for 64 bits.
class Generator {
 public:
  Generator() {
    std::random_device system;
    for (std::uint64_t& word : state_) word = (std::uint64_t{system()} << 32U) | system();
    state_[0] |= 1;  // anything but all zeros
  }
  std::uint64_t next() {
    const std::uint64_t drawn = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t moved = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= moved;
    state_[3] = std::rotl(state_[3], 45);
    return drawn;
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

template <std::size_t kBytes>
Id<kBytes> draw() {
  thread_local Generator generator;
  Id<kBytes> id;
  do {
    for (std::size_t at = 0; at < kBytes; at += sizeof(std::uint64_t)) {
      const std::uint64_t word = generator.next();
      std::memcpy(id.bytes.data() + at, &word, sizeof word);
    }
  } while (!id.valid());
  return id;
}

constexpr std::size_t kMembersMax = 32;
constexpr std::size_t kLongMemberBytes = 128;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_key_char(char c) {
  return is_lower(c) || is_digit(c) || c == '_' || c == '-' || c == '*' || c == '/';
}

/// "vendor" of up to 256 characters, or "tenant@vendor" (241 and 14). Level 2 lets a key begin with
/// a digit.
bool is_key(std::string_view key) {
  if (key.empty() || !(is_lower(key.front()) || is_digit(key.front()))) return false;
  const auto at = key.find('@');
  if (at == std::string_view::npos)
    return key.size() <= 256 && std::ranges::all_of(key, is_key_char);
  const std::string_view tenant = key.substr(0, at);
  const std::string_view system = key.substr(at + 1);
  return tenant.size() <= 241 && !system.empty() && system.size() <= 14 &&
         is_lower(system.front()) && std::ranges::all_of(tenant, is_key_char) &&
         std::ranges::all_of(system, is_key_char);
}

bool is_value(std::string_view value) {
  return !value.empty() && value.size() <= 256 && value.back() != ' ' &&
         std::ranges::all_of(value,
                             [](char c) { return c >= ' ' && c <= '~' && c != ',' && c != '='; });
}

std::string_view key_of(std::string_view member) { return member.substr(0, member.find('=')); }

bool is_member(std::string_view member) {
  const auto equals = member.find('=');
  return equals != std::string_view::npos && is_key(member.substr(0, equals)) &&
         is_value(member.substr(equals + 1));
}

struct Members {
  std::array<std::string_view, kMembersMax> all;
  std::size_t count = 0;
  std::size_t bytes = 0;  ///< with a comma before each

  bool add(std::string_view member) {
    const std::span known{all.data(), count};
    const auto same = [&](std::string_view other) { return key_of(other) == key_of(member); };
    if (count == all.size() || !is_member(member) || std::ranges::any_of(known, same)) return false;
    all[count++] = member;
    bytes += member.size() + 1;
    return true;
  }
  void erase(std::size_t index) {
    bytes -= all[index].size() + 1;
    std::copy(all.data() + index + 1, all.data() + count, all.data() + index);
    --count;
  }
};

std::string_view without_blanks(std::string_view text) {
  const auto from = std::min(text.find_first_not_of(" \t"), text.size());
  return text.substr(from, text.find_last_not_of(" \t") + 1 - from);
}

}  // namespace

template <std::size_t kBytes>
void Id<kBytes>::append_to(std::string& out) const {
  std::array<char, 2 * kBytes> digits{};
  write_hex(bytes, digits.data());
  out.append(digits.data(), digits.size());
}

template <std::size_t kBytes>
std::string Id<kBytes>::text() const {
  std::string out;
  out.reserve(2 * kBytes);
  append_to(out);
  return out;
}

template struct Id<16>;
template struct Id<8>;

std::string TraceContext::traceparent() const {
  std::array<char, kTextBytes> out{'0', '0', '-'};
  char* end = write_hex(trace_id.bytes, out.data() + 3);
  *end++ = '-';
  end = write_hex(span_id.bytes, end);
  *end++ = '-';
  write_hex(std::array{flags}, end);
  return {out.data(), out.size()};
}

std::optional<TraceContext> TraceContext::parse(std::string_view text) {
  if (text.size() < kTextBytes || text[2] != '-' || text[35] != '-' || text[52] != '-') {
    return std::nullopt;
  }
  TraceContext context;
  std::array<std::uint8_t, 1> version{};
  std::array<std::uint8_t, 1> flags{};
  const char* const at = text.data();
  const bool read = read_hex(at, version) && read_hex(at + 3, context.trace_id.bytes) &&
                    read_hex(at + 36, context.span_id.bytes) && read_hex(at + 53, flags);
  if (!read || !context.valid() || version[0] == 0xff) return std::nullopt;
  const bool longer = text.size() > kTextBytes;
  if (longer && (version[0] == 0 || text[kTextBytes] != '-')) return std::nullopt;
  // What later levels mean by the other bits is not known here, and must not be passed on.
  context.flags = flags[0] & (kSampled | kRandom);
  return context;
}

std::string passable_tracestate(std::string_view tracestate) {
  Members members;
  while (!tracestate.empty()) {
    const auto comma = std::min(tracestate.find(','), tracestate.size());
    const std::string_view member = without_blanks(tracestate.substr(0, comma));
    tracestate.remove_prefix(std::min(comma + 1, tracestate.size()));
    if (!member.empty() && !members.add(member)) return {};
  }
  for (std::size_t i = members.count; i-- > 0 && members.bytes > kTraceStateBytesMax + 1;) {
    if (members.all[i].size() > kLongMemberBytes) members.erase(i);
  }
  while (members.bytes > kTraceStateBytesMax + 1) members.erase(members.count - 1);
  std::string out;
  for (std::size_t i = 0; i < members.count; ++i) {
    if (i > 0) out += ',';
    out += members.all[i];
  }
  return out;
}

TraceId random_trace_id() { return draw<16>(); }
SpanId random_span_id() { return draw<8>(); }

}  // namespace baedal::tracing
