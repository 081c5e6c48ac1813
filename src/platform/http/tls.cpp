#include "platform/http/tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <utility>

#include "kernel/assert.hpp"
#include "kernel/text.hpp"

namespace baedal::http {
namespace {

/// Those of TLS 1.2; TLS 1.3 has only good ones.
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr std::string_view kProtocol = "http/1.1";

// The session's way to its socket. OpenSSL's own raises SIGPIPE when the other side is gone.

int write_to_socket(BIO* bio, const char* bytes, int size) {
  const auto socket = static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
  BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(socket, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int read_from_socket(BIO* bio, char* into, int size) {
  const auto socket = static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
  BIO_clear_retry_flags(bio);
  const ssize_t got = ::recv(socket, into, static_cast<std::size_t>(size), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
  return static_cast<int>(got);
}

long control_socket(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO_METHOD* make_socket_method() {
  BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
  BAEDAL_ASSERT(method != nullptr);
  BIO_meth_set_write(method, write_to_socket);
  BIO_meth_set_read(method, read_from_socket);
  BIO_meth_set_ctrl(method, control_socket);
  return method;
}

BIO* socket_bio(int socket) {
  static BIO_METHOD* const method = make_socket_method();
  BIO* bio = BIO_new(method);
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
  BIO_set_init(bio, 1);
  return bio;
}

/// HTTP/1.1, or an alert for those who speak only something else.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned int size, void*) {
  std::string_view left(reinterpret_cast<const char*>(offered), size);
  while (!left.empty()) {
    const auto length = static_cast<unsigned char>(left.front());
    const std::string_view name = left.substr(1, length);
    if (name == kProtocol) {
      *out = reinterpret_cast<const unsigned char*>(name.data());
      *out_size = length;
      return SSL_TLSEXT_ERR_OK;
    }
    left.remove_prefix(std::min<std::size_t>(left.size(), std::size_t{length} + 1));
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

int check_server_name(SSL* session, int* alert, void* options) {
  const auto& names = static_cast<const TlsOptions*>(options)->server_names;
  const char* asked = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name);
  // Who asks for an address sends no name.
  if (names.empty() || asked == nullptr) return SSL_TLSEXT_ERR_OK;
  const auto is_asked = [asked](const std::string& name) { return iequals(name, asked); };
  if (std::ranges::any_of(names, is_asked)) return SSL_TLSEXT_ERR_OK;
  *alert = SSL_AD_UNRECOGNIZED_NAME;
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// Never asks at a terminal.
int no_password(char*, int, int, void*) { return 0; }

std::unexpected<Error> unusable(const std::string& file, std::string_view why) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  std::string detail = file + " " + std::string(why);
  if (reason != nullptr) detail.append(" (").append(reason).append(")");
  return fail(ErrorKind::kInvalid, "bad-certificate", detail + ".");
}

std::string stamp_of(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return "none";
  return std::to_string(status.st_ino) + ":" + std::to_string(status.st_size) + ":" +
         std::to_string(status.st_mtim.tv_sec) + "." + std::to_string(status.st_mtim.tv_nsec);
}

std::int64_t seconds_of(const ASN1_TIME* time) {
  tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return 0;
  return ::timegm(&parts);
}

void set_rules(SSL_CTX* context, const TlsOptions& options) {
  SSL_CTX_set_min_proto_version(context, options.only_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  SSL_CTX_set_tlsext_servername_callback(context, check_server_name);
  SSL_CTX_set_tlsext_servername_arg(context, const_cast<TlsOptions*>(&options));
  SSL_CTX_set_default_passwd_cb(context, no_password);
}

}  // namespace

TlsSession::~TlsSession() { SSL_free(session_); }

TlsSession::State TlsSession::state_of(int result) {
  if (result > 0) return State::kDone;
  const int error = SSL_get_error(session_, result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return State::kWait;
  if (error != SSL_ERROR_ZERO_RETURN) usable_ = false;
  ERR_clear_error();
  return State::kEnded;
}

TlsSession::State TlsSession::shake_hands() {
  ERR_clear_error();
  const State state = state_of(SSL_accept(session_));
  usable_ = state == State::kDone;
  return state;
}

TlsSession::State TlsSession::read(std::span<char> into, std::size_t& got) {
  ERR_clear_error();
  return state_of(SSL_read_ex(session_, into.data(), into.size(), &got));
}

TlsSession::State TlsSession::write(std::string_view& bytes) {
  ERR_clear_error();
  std::size_t written = 0;
  const State state = state_of(SSL_write_ex(session_, bytes.data(), bytes.size(), &written));
  if (state == State::kDone) bytes.remove_prefix(written);
  return state;
}

void TlsSession::say_goodbye() {
  if (!std::exchange(usable_, false)) return;
  SSL_shutdown(session_);
  ERR_clear_error();
}

bool TlsSession::has_bytes() const { return SSL_pending(session_) > 0; }

struct TlsContext::Loaded {
  explicit Loaded(SSL_CTX* made) : context(made) {}
  ~Loaded() { SSL_CTX_free(context); }
  Loaded(const Loaded&) = delete;
  Loaded& operator=(const Loaded&) = delete;

  SSL_CTX* context;
  std::int64_t expires_at = 0;
};

TlsContext::TlsContext(TlsOptions options) : options_(std::move(options)) {}
TlsContext::~TlsContext() = default;

Result<std::shared_ptr<TlsContext>> TlsContext::load(TlsOptions options) {
  std::shared_ptr<TlsContext> context(new TlsContext(std::move(options)));
  if (auto loaded = context->reload_if_changed(); !loaded) return pass_on(loaded);
  return context;
}

Result<bool> TlsContext::reload_if_changed() {
  const std::string files = fingerprint();
  {
    const std::lock_guard lock(mutex_);
    if (loaded_ && loaded_from_ == files) return false;
  }
  auto loaded = load_files();
  if (!loaded) return pass_on(loaded);
  const std::lock_guard lock(mutex_);
  loaded_ = std::move(*loaded);
  loaded_from_ = files;
  return true;
}

std::string TlsContext::fingerprint() const {
  return stamp_of(options_.certificate_file) + "," + stamp_of(options_.key_file);
}

Result<std::shared_ptr<const TlsContext::Loaded>> TlsContext::load_files() const {
  ERR_clear_error();
  const auto loaded = std::make_shared<Loaded>(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* context = loaded->context;
  if (context == nullptr) return unusable("TLS", "cannot be set up");
  set_rules(context, options_);
  if (SSL_CTX_set_cipher_list(context, kCiphers) != 1) return unusable("TLS", "has no ciphers");
  const std::string& certificate = options_.certificate_file;
  if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1) {
    return unusable(certificate, "is no certificate in PEM form, or cannot be read");
  }
  if (SSL_CTX_use_PrivateKey_file(context, options_.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return unusable(options_.key_file,
                    "is not the certificate's key in PEM form without a password, or cannot be "
                    "read");
  }
  if (SSL_CTX_check_private_key(context) != 1) {
    return unusable(options_.key_file, "does not belong to " + certificate);
  }
  loaded->expires_at = seconds_of(X509_get0_notAfter(SSL_CTX_get0_certificate(context)));
  if (loaded->expires_at <= ::time(nullptr)) {
    return unusable(certificate, "has expired");
  }
  return loaded;
}

std::unique_ptr<TlsSession> TlsContext::accept(int socket) const {
  std::shared_ptr<const Loaded> loaded;
  {
    const std::lock_guard lock(mutex_);
    loaded = loaded_;
  }
  SSL* session = SSL_new(loaded->context);
  BIO* bio = session == nullptr ? nullptr : socket_bio(socket);
  if (bio == nullptr) {
    SSL_free(session);
    return nullptr;
  }
  SSL_set_bio(session, bio, bio);
  return std::unique_ptr<TlsSession>(new TlsSession(session));
}

std::int64_t TlsContext::expires_at() const {
  const std::lock_guard lock(mutex_);
  return loaded_->expires_at;
}

}  // namespace baedal::http
