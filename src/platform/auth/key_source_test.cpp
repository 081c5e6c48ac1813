#include "platform/auth/key_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "platform/auth/testing/issuer.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/http/server.hpp"
#include "platform/runtime/runtime.hpp"

namespace baedal::auth {
namespace {

using ::testing::HasSubstr;
using testing::Key;
using testing::key_set;

class FileKeysTest : public ::testing::Test {
 protected:
  FileKeysTest() {
    char name[] = "/tmp/baedal-keys-XXXXXX";
    folder_ = mkdtemp(name);
    path_ = folder_ / "jwks.json";
  }
  ~FileKeysTest() override { std::filesystem::remove_all(folder_); }
  /// Puts a new file in its place, as rotation scripts and mounted secrets do.
  void write(const std::string& text) {
    const auto fresh = folder_ / "fresh";
    std::ofstream(fresh) << text;
    std::filesystem::rename(fresh, path_);
  }

  std::filesystem::path folder_;
  std::filesystem::path path_;
  ManualClock clock_{Timestamp{1'700'000'000'000'000}};
  const Key one_ = Key::ed25519();
  const Key two_ = Key::ed25519();
};

TEST_F(FileKeysTest, a_changed_file_is_read_again_within_a_second) {
  write(key_set({one_.jwk("one")}));
  const auto source = FileKeys::open(path_, clock_).value();
  const auto first = source->keys();
  EXPECT_NE(first->find("one"), nullptr);
  write(key_set({one_.jwk("one"), two_.jwk("two")}));
  EXPECT_EQ(source->keys(), first) << "not looked at more often than once a second";
  clock_.advance(std::chrono::seconds{1});
  EXPECT_NE(source->keys()->find("two"), nullptr);
  const auto second = source->keys();
  clock_.advance(std::chrono::seconds{10});
  EXPECT_EQ(source->keys(), second) << "an unchanged file is not read again";
}

TEST_F(FileKeysTest, a_file_that_went_bad_leaves_the_keys_as_they_are) {
  write(key_set({one_.jwk("one")}));
  const auto source = FileKeys::open(path_, clock_).value();
  for (const char* bad : {"", "{", "{\"keys\":[]}"}) {
    write(bad);
    clock_.advance(std::chrono::seconds{2});
    EXPECT_NE(source->keys()->find("one"), nullptr) << bad;
  }
  std::filesystem::remove(path_);
  clock_.advance(std::chrono::seconds{2});
  EXPECT_NE(source->keys()->find("one"), nullptr);
  write(key_set({two_.jwk("two")}));
  clock_.advance(std::chrono::seconds{2});
  EXPECT_NE(source->keys()->find("two"), nullptr);
}

TEST_F(FileKeysTest, a_file_that_is_bad_from_the_beginning_is_an_error_that_names_it) {
  const auto missing = FileKeys::open(path_, clock_);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().detail, HasSubstr(path_.string()));
  write(std::string(300 * 1024, ' '));
  EXPECT_THAT(FileKeys::open(path_, clock_).error().detail, HasSubstr("larger than 256 KiB"));
}

/// Serves one document, which a test changes.
class KeyServer final : public http::HttpHandler {
 public:
  Task<http::Response> handle(http::Request&) override {
    ++asked;
    const std::lock_guard lock(mutex);
    co_return http::Response{.status = status, .content_type = "application/json", .body = body};
  }
  std::atomic<int> asked = 0;
  std::mutex mutex;
  int status = 200;
  std::string body;
};

class UrlKeysTest : public ::testing::Test {
 protected:
  UrlKeysTest() {
    runtime_.start();
    EXPECT_TRUE(server_.listen("127.0.0.1", 0));
  }
  ~UrlKeysTest() override {
    runtime_.run(server_.drain(std::chrono::seconds{1}));
    runtime_.stop();
  }
  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + "/jwks";
  }
  void serve(std::string body, int status = 200) {
    const std::lock_guard lock(handler_.mutex);
    handler_.body = std::move(body);
    handler_.status = status;
  }
  /// Waits until the source has been asked again since `before`, twice: the first was seen through.
  void await_asked(int before) {
    while (handler_.asked < before + 2) std::this_thread::yield();
  }

  runtime::Runtime runtime_{1};
  KeyServer handler_;
  http::Server server_{runtime_, handler_};
  const Key one_ = Key::ed25519();
  const Key two_ = Key::ed25519();
};

TEST_F(UrlKeysTest, has_the_keys_at_once_and_newer_ones_when_they_are_wanted) {
  serve(key_set({one_.jwk("one")}));
  UrlKeys source(url(), {.period = std::chrono::hours{1}, .pause = std::chrono::milliseconds{1}});
  EXPECT_NE(source.keys()->find("one"), nullptr);
  serve(key_set({two_.jwk("two")}));
  source.want_newer();
  while (source.keys()->find("two") == nullptr) std::this_thread::yield();
}

TEST_F(UrlKeysTest, asks_again_by_itself_and_keeps_what_it_has_when_the_answer_is_bad) {
  serve(key_set({one_.jwk("one")}));
  UrlKeys source(url(),
                 {.period = std::chrono::milliseconds{1}, .pause = std::chrono::milliseconds{1}});
  serve("no keys");
  await_asked(handler_.asked);
  EXPECT_NE(source.keys()->find("one"), nullptr);
  serve(key_set({two_.jwk("two")}), 500);
  await_asked(handler_.asked);
  EXPECT_NE(source.keys()->find("one"), nullptr);
  serve(key_set({two_.jwk("two")}));
  while (source.keys()->find("two") == nullptr) std::this_thread::yield();
}

TEST_F(UrlKeysTest, begins_without_keys_when_nobody_answers) {
  serve("", 503);
  UrlKeys source(url(), {.period = std::chrono::hours{1}, .pause = std::chrono::hours{1}});
  EXPECT_EQ(source.keys()->size(), 0U);
  source.want_newer();
}

}  // namespace
}  // namespace baedal::auth
