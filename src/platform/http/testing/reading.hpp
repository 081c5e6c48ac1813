#pragma once

#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "platform/http/request_reader.hpp"

namespace baedal::http {

/// Where to cut: a first piece, which decides who reads the head, then others of one size.
struct Cut {
  std::size_t first;
  std::size_t others;
};

inline std::string told(const Request& request, std::string_view body,
                        const RequestReader& reader) {
  std::string text = std::string{request.method_text} + ' ' + std::string{request.target} + ' ' +
                     std::string{request.path} + '?' + std::string{request.query} + ' ' +
                     request.link_base + ' ' + request.request_id;
  text += std::string{to_string(request.method)} + (reader.keep_alive() ? " stays" : " closes") +
          (reader.http_1_0() ? " 1.0" : "");
  for (const HeaderView& header : request.headers) {
    text += '|' + std::string{header.name} + '=' + std::string{header.value};
  }
  return text.append("|").append(body).append("\n");
}

/// Everything that a connection bringing `bytes` means, as a text. Not, why it ends: of a bad head
/// one may know already what is wrong, and the other waits for its end, or finds another fault.
class Reading {
 public:
  Reading(std::string_view bytes, Cut cut, const ServerLimits& limits)
      : rest_(bytes), cut_(cut), reader_(limits) {}

  std::string all() {
    while (message()) reader_.next();
    return std::move(text_);
  }

 private:
  using Step = RequestReader::Step;

  /// The next step that needs no more bytes; kNeedMore: there are none.
  Step next_step() {
    Step step = reader_.step();
    while ((step == Step::kNeedMore || step == Step::kContinue) && feed()) step = reader_.step();
    return step;
  }

  bool feed() {
    if (rest_.empty()) return false;
    const std::span<char> room = reader_.room();
    const std::size_t piece = std::exchange(cut_.first, cut_.others);
    const std::size_t size = std::min({piece, room.size(), rest_.size()});
    std::memcpy(room.data(), rest_.data(), size);
    reader_.commit(size);
    rest_.remove_prefix(size);
    return true;
  }

  /// Whether a next one may follow.
  bool message() {
    Step step = next_step();
    Request request;
    std::string body;
    const bool streams = step == Step::kStream;
    while (step == Step::kStream || (streams && step == Step::kNeedMore)) {
      body += reader_.body_piece();
      reader_.drop_body_piece();
      if (!feed()) break;
      step = reader_.step();
    }
    if (step == Step::kRefused) {
      text_ += "no more is taken";
      return false;
    }
    if (step != Step::kDone) {
      text_ += reader_.idle() ? "the end" : "no more is taken";
      return false;
    }
    reader_.fill(request);
    body += streams ? reader_.body_piece() : request.body;
    text_ += told(request, body, reader_);
    return reader_.keep_alive();
  }

  std::string_view rest_;
  Cut cut_;
  RequestReader reader_;
  std::string text_;
};

}  // namespace baedal::http
