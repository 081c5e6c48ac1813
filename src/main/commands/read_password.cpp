#include "main/commands/read_password.hpp"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>

namespace baedal::commands {
namespace {

/// What is typed is not shown while it lives.
class Unseen {
 public:
  Unseen() {
    known_ = tcgetattr(STDIN_FILENO, &before_) == 0;
    if (!known_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~Unseen() {
    if (known_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  termios before_{};
  bool known_ = false;
};

Result<std::string> first_line(std::istream& in, const std::string& where) {
  std::string line;
  if (std::getline(in, line)) {
    if (line.ends_with('\r')) line.pop_back();
    return line;
  }
  return fail(ErrorKind::kInvalid, "no-password", "There is no password in " + where + ".");
}

Result<std::string> ask(const char* prompt) {
  std::fputs(prompt, stderr);
  const Unseen unseen;
  auto line = first_line(std::cin, "what was typed");
  std::fputs("\n", stderr);
  return line;
}

}  // namespace

Result<std::string> read_password(const std::string& file) {
  if (!file.empty()) {
    std::ifstream in(file);
    return first_line(in, file);
  }
  if (isatty(STDIN_FILENO) == 0) return first_line(std::cin, "standard input");
  auto password = ask("Password: ");
  if (!password) return password;
  const auto again = ask("Once more: ");
  if (again && *again == *password) return password;
  return fail(ErrorKind::kInvalid, "passwords-differ", "The two are not the same.");
}

}  // namespace baedal::commands
