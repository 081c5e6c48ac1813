#pragma once

#include <utility>

namespace baedal {

/// A value that must not reach a log, an error or a page: it converts to nothing and prints
/// nothing. Only expose() gives it out, so that a search for that word finds every use.
///   Secret<std::string> key{…};
///   client.authenticate(key.expose());
template <class T>
class Secret {
 public:
  Secret() = default;
  explicit Secret(T value) : value_(std::move(value)) {}

  [[nodiscard]] const T& expose() const { return value_; }

  template <class Stream>
  friend Stream& operator<<(Stream&, const Secret&) = delete;

 private:
  T value_{};
};

}  // namespace baedal
