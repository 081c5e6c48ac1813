#pragma once

#include <span>
#include <string>
#include <string_view>

#include "kernel/timestamp.hpp"
#include "platform/log/field.hpp"
#include "platform/log/level.hpp"
#include "platform/log/trace_ids.hpp"

namespace baedal::log {

/// One event, as it is formatted.
struct Record {
  Timestamp time;
  Level level;
  std::string_view logger;
  std::string_view message;
  std::span<const Field> fields;
  const TraceIds* trace = nullptr;  ///< null: the event belongs to no trace
};

/// "2026-11-22T12:34:56.789Z INFO  order: placed orderId=5 note=\"a b\"" without a newline.
[[nodiscard]] std::string format_text(const Record& record, bool colour);

/// {"timestamp":"…","level":"INFO","logger":"order","message":"placed","orderId":5}
[[nodiscard]] std::string format_json(const Record& record);

}  // namespace baedal::log
