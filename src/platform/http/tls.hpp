#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/error.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace baedal::http {

/// One TLS session over a non-blocking socket, on the server's side. The thread of its socket.
/// After kEnded nothing more is possible but to close.
class TlsSession {
 public:
  enum class State {
    kDone,   ///< what was asked for is done, or a part of it
    kWait,   ///< the socket must become readable or writable first
    kEnded,  ///< the other side has ended, or spoilt the session
  };

  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  State shake_hands();
  /// Reads some; `got` is how much.
  State read(std::span<char> into, std::size_t& got);
  /// Writes some of `bytes`, and takes that from their front. What was begun is gone on with.
  State write(std::string_view& bytes);
  /// Tells the other side that nothing more comes, as far as the socket takes it at once.
  void say_goodbye();
  /// Whether decrypted bytes wait to be read.
  [[nodiscard]] bool has_bytes() const;

 private:
  friend class TlsContext;
  explicit TlsSession(ssl_st* session) : session_(session) {}
  State state_of(int result);

  ssl_st* session_;
  bool usable_ = false;  ///< hands are shaken, and nothing has gone wrong
};

struct TlsOptions {
  std::string certificate_file;             ///< PEM: the server's certificate, then those above it
  std::string key_file;                     ///< PEM, without a password
  bool only_1_3 = false;                    ///< else also TLS 1.2
  std::vector<std::string> server_names{};  ///< not empty: other names are refused
};

/// Certificate, key and rules of the TLS sessions of a server: TLS 1.2 with forward secrecy and
/// authenticated encryption, or 1.3; HTTP/1.1 by ALPN; no renegotiation, no compression. The files
/// may be replaced while it serves. Thread-safe.
class TlsContext {
 public:
  /// Errors are sentences for the operator that name the file, and nothing of what is in it.
  static Result<std::shared_ptr<TlsContext>> load(TlsOptions options);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  /// Whether the files had changed and were taken over, for sessions from now on. When they cannot
  /// be used, what is there stays, and the error says why; they are tried again.
  Result<bool> reload_if_changed();

  /// A session on that connected socket; null when there is no memory.
  [[nodiscard]] std::unique_ptr<TlsSession> accept(int socket) const;

  /// Until when the present certificate is valid, in seconds since 1970.
  [[nodiscard]] std::int64_t expires_at() const;

 private:
  struct Loaded;
  explicit TlsContext(TlsOptions options);
  [[nodiscard]] std::string fingerprint() const;
  [[nodiscard]] Result<std::shared_ptr<const Loaded>> load_files() const;

  const TlsOptions options_;
  mutable std::mutex mutex_;  ///< the two below
  std::shared_ptr<const Loaded> loaded_;
  std::string loaded_from_;  ///< the fingerprint of the files
};

}  // namespace baedal::http
