#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace baedal::simulation {

/// What the people outside were told, and so may rely on for ever.
struct Witness {
  struct Placed {
    std::int64_t order = 0;
    std::int64_t menu = 0;
    std::int64_t quantity = 0;
  };

  std::set<std::string> wanted;          ///< keys of orders that were asked for
  std::map<std::string, Placed> placed;  ///< by key: answered 201
  std::set<std::int64_t> cancelled;      ///< cancels answered 200
  std::set<std::int64_t> refused;        ///< cancels refused because the delivery is complete
  std::set<std::int64_t> completed;      ///< completions answered 200
  std::string contradiction;             ///< two answers that cannot both be true; empty: none
  std::uint64_t answers = 0;             ///< so far
};

}  // namespace baedal::simulation
