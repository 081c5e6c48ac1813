#include "platform/store/answer.hpp"

#include "kernel/json/parse.hpp"
#include "kernel/json/writer.hpp"

namespace baedal::store {
namespace {

constexpr std::string_view kUnseen = "once-key-unseen";

}  // namespace

std::string encode_answer(const Row& row) {
  json::Writer out(json::Writer::Layout::kCompact);
  out.begin_array();
  for (const Value& cell : row) {
    if (const auto* number = std::get_if<std::int64_t>(&cell))
      out.integer(*number);
    else if (const auto* text = std::get_if<std::string>(&cell))
      out.string(*text);
    else
      out.null();
  }
  return out.end_array().take();
}

Result<Row> decode_answer(std::string_view answer) {
  const auto parsed = json::parse(answer);
  const json::Array* cells = parsed ? parsed->get<json::Array>() : nullptr;
  if (cells == nullptr)
    return fail(ErrorKind::kInternal, "damaged-answer", "A kept answer cannot be read.");
  Row row;
  row.reserve(cells->size());
  for (const json::Value& cell : *cells) {
    if (const auto* number = cell.get<std::int64_t>())
      row.emplace_back(*number);
    else if (const auto* text = cell.get<std::string>())
      row.emplace_back(*text);
    else
      row.emplace_back();
  }
  return row;
}

Task<Result<std::optional<Row>>> recall(Store& store, const OnceKey& key) {
  if (key.empty()) co_return std::nullopt;
  // A body that fails leaves no trace: an unseen key stays unseen.
  auto unseen = [](Tx&) -> Result<std::string> {
    return fail(ErrorKind::kNotFound, std::string{kUnseen}, "");
  };
  auto outcome = co_await store.commit_once(key, unseen);
  if (!outcome && outcome.error().code == kUnseen) co_return std::nullopt;
  if (!outcome) co_return pass_on(outcome);
  auto row = decode_answer(outcome->answer);
  if (!row) co_return pass_on(row);
  co_return std::optional{std::move(*row)};
}

}  // namespace baedal::store
