#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kernel/async/manual_executor.hpp"
#include "kernel/text.hpp"
#include "platform/http/handler.hpp"

namespace baedal::http {

/// A client without a socket, for tests: makes requests by hand, as the server would have read
/// them, and gives them to a handler. Sends `Accept: */*` and `Content-Type: application/json`
/// unless the headers say otherwise; a header with an empty value is left out.
///   HandClient client(router, executor);
///   EXPECT_EQ(client.patch("/orders/1", R"({"status":"cancel"})").status, 200);
class HandClient {
 public:
  HandClient(HttpHandler& handler, ManualExecutor& executor)
      : handler_(handler), executor_(executor) {}

  /// Who makes the requests from now on; null: a process that does not ask.
  void set_caller(std::shared_ptr<const auth::Principal> caller) { caller_ = std::move(caller); }

  Response send(Method method, std::string target, std::string body = {},
                std::vector<Header> headers = {}) {
    return executor_.run(ask(method, std::move(target), std::move(body), std::move(headers)));
  }
  Response get(std::string target, std::vector<Header> headers = {}) {
    return send(Method::kGet, std::move(target), {}, std::move(headers));
  }
  Response post(std::string target, std::string body, std::vector<Header> headers = {}) {
    return send(Method::kPost, std::move(target), std::move(body), std::move(headers));
  }
  Response patch(std::string target, std::string body, std::vector<Header> headers = {}) {
    return send(Method::kPatch, std::move(target), std::move(body), std::move(headers));
  }
  Response put(std::string target, std::string body, std::vector<Header> headers = {}) {
    return send(Method::kPut, std::move(target), std::move(body), std::move(headers));
  }
  Response erase(std::string target, std::vector<Header> headers = {}) {
    return send(Method::kDelete, std::move(target), {}, std::move(headers));
  }

  /// The same as a task, to run beside others. Owns what it sends.
  Task<Response> ask(Method method, std::string target, std::string body,
                     std::vector<Header> headers) {
    add_default(headers, "Accept", "*/*");
    if (!body.empty()) add_default(headers, "Content-Type", "application/json");
    Request request;
    request.method = method;
    request.method_text = to_string(method);
    request.target = target;
    request.path = request.target.substr(0, request.target.find('?'));
    if (request.path.size() < request.target.size()) {
      request.query = request.target.substr(request.path.size() + 1);
    }
    for (const Header& header : headers) {
      if (!header.value.empty()) request.headers.push_back({header.name, header.value});
    }
    request.body = body;
    request.link_base = "http://localhost:8080";
    request.principal = caller_;
    co_return co_await handler_.handle(request);
  }

 private:
  static void add_default(std::vector<Header>& headers, std::string name, std::string value) {
    const auto same = [&](const Header& header) { return iequals(header.name, name); };
    if (std::ranges::any_of(headers, same)) return;
    headers.push_back({std::move(name), std::move(value)});
  }

  HttpHandler& handler_;
  ManualExecutor& executor_;
  std::shared_ptr<const auth::Principal> caller_;
};

/// The value of that header of an answer, empty when it has none.
inline std::string header_of(const Response& response, std::string_view name) {
  for (const Header& header : response.headers) {
    if (iequals(header.name, name)) return header.value;
  }
  return {};
}

/// The body of a problem document without the time it was made, to compare two refusals: the two
/// are written by the wall clock, so that even those of one moment may differ by a millisecond.
inline std::string without_timestamp(const Response& problem) {
  std::string body = problem.body;
  const auto at = body.find("\"timestamp\"");
  return at == std::string::npos ? body : body.erase(at, body.find(',', at) - at);
}

}  // namespace baedal::http
