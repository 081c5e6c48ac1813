// What ends at this hop, and what a client can have taken out by naming it; and what the system
// knows of bytes that never arrived.
#include "platform/http/hop_by_hop.hpp"

#include <gtest/gtest.h>

#include "platform/http/tcp_delivery.hpp"
#include "platform/http/wire.hpp"

namespace baedal::http {
namespace {

std::string passed(std::vector<HeaderView> headers, Method method = Method::kGet,
                   std::string_view body = {}) {
  Request request;
  request.method = method;
  request.headers = std::move(headers);
  request.body = body;
  end_hop(request);
  std::string names;
  for (const HeaderView& header : request.headers) names.append(header.name).append(" ");
  return names;
}

TEST(EndHop, takes_out_connection_and_what_it_names) {
  EXPECT_EQ(passed({{"Accept", "*/*"}, {"Connection", "keep-alive"}}), "Accept ");
  EXPECT_EQ(passed({{"X-A", "1"}, {"connection", "close, x-a"}, {"X-B", "2"}}), "X-B ");
  EXPECT_EQ(passed({{"Connection", "X-A"}, {"Connection", "X-B"}, {"X-A", "1"}, {"X-B", "2"}}), "");
}

TEST(EndHop, lets_only_web_sockets_change_the_protocol) {
  EXPECT_EQ(passed({{"Connection", "Upgrade"}, {"Upgrade", "websocket"}}), "Upgrade ");
  EXPECT_EQ(passed({{"Connection", "keep-alive, upgrade"}, {"Upgrade", "WebSocket"}}), "Upgrade ");
  EXPECT_EQ(passed({{"Connection", "Upgrade, HTTP2-Settings"},
                    {"Upgrade", "h2c"},
                    {"HTTP2-Settings", "AAMAAABkAAQAAP__"}}),
            "");
  EXPECT_EQ(passed({{"Upgrade", "websocket"}}), "");
  EXPECT_EQ(passed({{"Connection", "Upgrade"}, {"Upgrade", "websocket"}}, Method::kPost), "");
  EXPECT_EQ(passed({{"Connection", "Upgrade"}, {"Upgrade", "websocket"}}, Method::kGet, "body"),
            "");
}

TEST(AcknowledgedBytes, stand_still_when_the_other_side_is_gone) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  socklen_t size = sizeof address;
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const int server = ::accept(listener, nullptr, nullptr);

  std::array<char, 200> bytes{};
  ASSERT_EQ(::send(client, bytes.data(), 100, MSG_NOSIGNAL), 100);
  ASSERT_EQ(::recv(server, bytes.data(), 100, MSG_WAITALL), 100);
  ASSERT_EQ(::send(server, bytes.data(), 1, MSG_NOSIGNAL), 1);
  ASSERT_EQ(::recv(client, bytes.data(), 1, MSG_WAITALL), 1);
  EXPECT_EQ(acknowledged_bytes(client), 101U);  // and the SYN

  ::close(server);
  ASSERT_EQ(::recv(client, bytes.data(), 1, 0), 0);
  ASSERT_EQ(::send(client, bytes.data(), 50, MSG_NOSIGNAL), 50);
  EXPECT_LE(::recv(client, bytes.data(), 1, 0), 0);
  EXPECT_EQ(acknowledged_bytes(client), 101U);
  ::close(client);
  ::close(listener);
}

}  // namespace
}  // namespace baedal::http
