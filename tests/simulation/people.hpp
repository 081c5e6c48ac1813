#pragma once

#include <optional>
#include <string>

#include "kernel/async/sync.hpp"
#include "simulation/surroundings.hpp"
#include "simulation/witness.hpp"

namespace baedal::simulation {

/// Customers, couriers, shops and operators: they act at random, twice, and at the same moment, try
/// again with the same key when they get no answer, and lose patience. They live outside, where
/// nothing dies.
class People {
 public:
  /// All outlive it.
  People(const Plan& plan, Surroundings& world, VirtualExecutor& outside);

  /// They begin.
  void start();
  /// Everybody who wanted something has it, or has given up; only the couriers go on.
  [[nodiscard]] bool are_content() const { return busy_ == 0; }
  /// The couriers go home too.
  void go_home() { going_home_ = true; }
  [[nodiscard]] const Witness& witness() const { return witness_; }

 private:
  struct Wish {
    std::string key;
    std::int64_t menu = 0;
    std::int64_t quantity = 0;
    std::string token;
  };
  using Asked = std::optional<http::Response>;

  Task<Asked> ask(std::string role, http::Method method, std::string target, std::string body,
                  std::string key);
  Task<void> pause(std::chrono::microseconds longest);
  Task<void> counted(Task<void> task);

  Task<void> run_shop();
  Task<bool> register_menu(std::int64_t number);
  Task<void> be_customer(int number);
  Task<std::int64_t> place(const Wish& wish);
  Task<std::int64_t> place_once(const Wish& wish);
  Task<void> cancel(std::int64_t order, std::string key);
  Task<bool> cancel_once(std::int64_t order, std::string key);
  Task<void> be_courier();
  Task<void> deliver(std::int64_t order);
  Task<void> complete(std::int64_t order, std::int64_t delivery);
  Task<void> operate();

  const Plan& plan_;
  const Surroundings& world_;
  Network& network_;
  VirtualExecutor& outside_;
  Weather& weather_;
  Story& story_;
  Chance chance_;
  Witness witness_;
  int busy_ = 0;
  bool going_home_ = false;
};

}  // namespace baedal::simulation
