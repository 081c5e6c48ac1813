// What an upstream sends: the head of its answer and a chunked body, whole and in pieces.
#include <algorithm>
#include <string>

#include "fuzz.hpp"
#include "platform/http/upstream/answer_head.hpp"
#include "platform/http/upstream/chunked_body.hpp"

using baedal::fuzz::promise;
using namespace baedal::http;

namespace {

/// The body that `bytes`, given `piece` at a time, decode to, and how it ended.
std::string decoded(std::string_view bytes, std::size_t piece) {
  using Kind = ChunkedBody::Step::Kind;
  ChunkedBody decoder;
  std::string body;
  std::size_t at = 0;
  std::size_t end = std::min(piece, bytes.size());
  while (true) {
    const ChunkedBody::Step step = decoder.next(bytes.substr(at, end - at));
    promise(step.taken <= end - at && step.data.size() <= step.taken);
    body += step.data;
    at += step.taken;
    if (step.kind == Kind::kEnd) return body + "|end";
    if (step.kind == Kind::kBad) return "bad";
    if (step.kind == Kind::kNeedMore && end == bytes.size()) return body + "|more";
    if (step.kind == Kind::kNeedMore) end = std::min(end + piece, bytes.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = baedal::fuzz::text_of(data, size);
  AnswerHead head;
  const HeadStep step = read_head(bytes, head);
  std::string_view body = bytes;
  if (step == HeadStep::kDone) {
    promise(head.bytes <= bytes.size() && head.status >= 100 && head.status <= 999);
    promise(!(head.chunked && head.content_length));
    for (const HeaderView& header : head.headers) {
      promise(!header.name.empty());
      promise(header.value.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos);
    }
    // A part of it is never taken for the whole.
    AnswerHead part;
    promise(read_head(bytes.substr(0, head.bytes - 1), part) == HeadStep::kNeedMore);
    body = bytes.substr(head.bytes);
  }
  const std::string whole = decoded(body, std::max<std::size_t>(body.size(), 1));
  const std::string in_pieces = decoded(body, 3);
  // What is bad may be known sooner or later, but is never taken.
  promise(whole == in_pieces || (whole == "bad") != (in_pieces == "bad"));
  promise(!(whole.ends_with("|end") && in_pieces == "bad"));
  promise(!(in_pieces.ends_with("|end") && whole == "bad"));
  return 0;
}
