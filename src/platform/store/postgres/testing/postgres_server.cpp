#include "platform/store/postgres/testing/postgres_server.hpp"

#include <arpa/inet.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <tuple>

namespace baedal::store::postgres {
namespace {

constexpr const char* kPrograms = "/usr/lib/postgresql/15/bin/";

/// Ends the program: without the server there is nothing to test.
[[noreturn]] void give_up(const std::string& what) {
  std::fprintf(stderr, "The test's PostgreSQL server does not come up: %s\n", what.c_str());
  std::_Exit(1);
}

std::string output_of(const std::string& command_line, int& status) {
  std::string output;
  FILE* pipe = ::popen(command_line.c_str(), "r");
  if (pipe == nullptr) give_up("popen");
  std::array<char, 4096> part{};
  while (const std::size_t length = std::fread(part.data(), 1, part.size(), pipe)) {
    output.append(part.data(), length);
  }
  status = ::pclose(pipe);
  return output;
}

/// A port nobody listens on now.
std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(fd, generic, length) != 0 || ::getsockname(fd, generic, &length) != 0) {
    give_up("no free port");
  }
  ::close(fd);
  return ntohs(address.sin_port);
}

/// initdb and the server refuse to be root.
std::string as_other_user() { return ::getuid() == 0 ? "runuser -u postgres -- " : ""; }

}  // namespace

PostgresServer::PostgresServer(bool syncs) : syncs_(syncs) {
  std::string pattern = (std::filesystem::temp_directory_path() / "baedal-pg-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) give_up("no temporary folder");
  folder_ = pattern;
  if (::getuid() == 0) {
    const passwd* user = ::getpwnam("postgres");
    if (user == nullptr || ::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) {
      give_up("there is no user postgres");
    }
  }
  port_ = free_port();
  // Sorting and comparing must not depend on the machine's locale: a foreign one is the harder
  // test.
  command("initdb", "-D " + folder_ + "/data -U tester -A trust -E UTF8 --locale=C.UTF-8 -N");
  start();
}

PostgresServer::~PostgresServer() {
  stop();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

PostgresServer& PostgresServer::shared() {
  static PostgresServer server(false);
  return server;
}

void PostgresServer::start() {
  command("pg_ctl", "start -w -t 60 -D " + folder_ + "/data -l " + folder_ + "/log -o '-p " +
                        std::to_string(port_) + " -c listen_addresses=127.0.0.1" +
                        " -c unix_socket_directories=" + folder_ + " -c max_connections=200" +
                        (syncs_ ? "" : " -c fsync=off") + "'");
  end_with_this_process();
}

/// A test that is killed leaves no server behind.
void PostgresServer::end_with_this_process() const {
  const std::string pid_file = folder_ + "/data/postmaster.pid";
  const std::string watch = "while kill -0 " + std::to_string(::getpid()) + " && test -e " +
                            pid_file + "; do sleep 1; done; test -e " + pid_file +
                            " && kill -QUIT $(head -n 1 " + pid_file + ") && rm -rf " + folder_;
  const std::string line = "setsid sh -c '" + watch + "' </dev/null >/dev/null 2>&1 &";
  if (std::system(line.c_str()) != 0) give_up("no watcher of the server");
}

void PostgresServer::stop() { command("pg_ctl", "stop -w -m immediate -D " + folder_ + "/data"); }

std::string PostgresServer::make_database() {
  const std::string name = "test" + std::to_string(++databases_);
  std::ignore = psql(url("postgres"), "CREATE DATABASE " + name);
  return url(name);
}

std::string PostgresServer::psql(const std::string& url, const std::string& sql) {
  int status = 0;
  std::string output =
      output_of("psql -X -A -t -v ON_ERROR_STOP=1 '" + url + "' -c \"" + sql + "\"", status);
  if (status != 0) give_up("psql refuses: " + sql);
  if (output.ends_with('\n')) output.pop_back();
  return output;
}

std::string PostgresServer::url(const std::string& database) const {
  return "postgresql://tester@127.0.0.1:" + std::to_string(port_) + "/" + database;
}

void PostgresServer::command(const std::string& program, const std::string& arguments) const {
  int status = 0;
  const std::string line = "cd " + folder_ + " && " + as_other_user() + kPrograms + program + " " +
                           arguments + " 2>&1 </dev/null";
  const std::string output = output_of(line, status);
  if (status != 0) give_up(program + ": " + output);
}

}  // namespace baedal::store::postgres
