#include "services/gateway/routing/regex.hpp"

#include <boost/regex.hpp>
#include <stdexcept>

namespace baedal::gateway {
namespace {

/// "/$\{segment}" and "/${segment}" → "/$+{segment}", as Boost's Perl format has it.
std::string to_format(const std::string& replacement) {
  std::string out;
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    if (replacement.compare(i, 3, "$\\{") == 0) {
      out += "$+{";
      i += 2;
    } else if (replacement.compare(i, 2, "${") == 0) {
      out += "$+{";
      i += 1;
    } else {
      out += replacement[i];
    }
  }
  return out;
}

}  // namespace

struct Regex::Compiled {
  boost::regex regex;
};

Result<Regex> Regex::compile(std::string_view text) {
  try {
    Regex result;
    result.text_ = text;
    result.compiled_ = std::make_shared<const Compiled>(
        Compiled{boost::regex{text.begin(), text.end(), boost::regex::perl}});
    return result;
  } catch (const boost::regex_error& error) {
    return fail(ErrorKind::kInvalid, "bad-routes",
                "\"" + std::string{text} + "\" is no regular expression: " + error.what());
  }
}

bool Regex::matches(std::string_view text) const {
  try {
    return boost::regex_match(text.begin(), text.end(), compiled_->regex);
  } catch (const std::runtime_error&) {
    return false;  // too complex for this text
  }
}

std::string Regex::replace(std::string_view text, const std::string& replacement) const {
  try {
    const std::string input{text};
    return boost::regex_replace(input, compiled_->regex, to_format(replacement),
                                boost::format_perl);
  } catch (const std::runtime_error&) {
    return std::string{text};  // too complex for this text
  }
}

}  // namespace baedal::gateway
