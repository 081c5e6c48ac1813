#include "platform/http/whole_body.hpp"

#include <algorithm>
#include <string>

#include "platform/http/body_stream.hpp"
#include "platform/http/problem.hpp"

namespace baedal::http {

Task<Response> WholeBody::handle(Request& request) {
  if (request.body.size() > bytes_max_) return refuse(request);
  if (!request.stream) return inner_.handle(request);
  if (request.stream_length.value_or(0) > bytes_max_) return refuse(request);
  return collect(request);
}

Task<Response> WholeBody::refuse(Request& request) {
  co_return problem(413, "body-too-large", "The body is too large.", request);
}

Task<Response> WholeBody::collect(Request& request) {
  std::string body;
  body.reserve(static_cast<std::size_t>(request.stream_length.value_or(0)));
  while (true) {
    auto reading = request.stream->read();
    const auto piece = co_await reading;
    // The server says what is wrong with it.
    if (!piece) co_return problem(piece.error(), request);
    if (piece->empty()) break;
    if (body.size() + piece->size() > bytes_max_) {
      auto refusing = refuse(request);
      co_return co_await refusing;
    }
    body += *piece;
  }
  request.stream.reset();
  request.stream_length.reset();
  request.body = body;
  auto handling = inner_.handle(request);
  Response response = co_await handling;
  request.body = {};  // it ends here
  co_return response;
}

}  // namespace baedal::http
