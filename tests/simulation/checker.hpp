#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "platform/messaging/envelope.hpp"
#include "simulation/provider.hpp"
#include "simulation/surroundings.hpp"
#include "simulation/witness.hpp"

namespace baedal::simulation {

/// A rule that was broken, and where.
struct Violation {
  std::string rule;    ///< a sentence, always the same for the same rule
  std::string detail;  ///< "order 3: ..."
};

/// Looks at what is durable, at the topic, at the provider's books and at what people were told,
/// and holds the invariants of ARCHITECTURE.md section 5 against it.
class Checker {
 public:
  Checker(const Disks& disks, Topic& topic, const ProviderOffice& office, const Witness& witness);

  /// What must be true at any moment. Cheap when nothing has changed since the last time.
  void check();
  /// What must come true when nothing goes wrong any more: what is still missing; empty: all ended.
  [[nodiscard]] std::vector<std::string> missing() const;

  /// The first that was broken; none: an empty rule.
  [[nodiscard]] const Violation& violation() const { return violation_; }
  [[nodiscard]] bool is_broken() const { return !violation_.rule.empty(); }

 private:
  /// One order, as all services see it.
  struct View {
    const store::Row* order = nullptr;
    const store::Row* delivery = nullptr;
    const store::Row* payment = nullptr;
    const store::Row* line = nullptr;  ///< of mypage
  };
  using Rows = std::map<std::string, std::vector<store::Row>>;

  void hear_append(const messaging::Envelope& event);
  void hear_given(const std::string& group, const messaging::Envelope& event);
  void check_outcome(std::int64_t id, const View& view);
  void check_delivery(std::int64_t id, const View& view);
  void check_money(std::int64_t id, const View& view);
  void check_promises(const std::map<std::int64_t, View>& views);
  void check_one_each(const Rows& rows);
  void check_views();
  [[nodiscard]] Rows read() const;
  [[nodiscard]] std::map<std::int64_t, View> join(const Rows& rows) const;
  [[nodiscard]] std::string missing_of(std::int64_t id, const View& view) const;
  [[nodiscard]] std::string money_missing(std::int64_t id, const View& view) const;
  [[nodiscard]] std::string view_missing(const View& view) const;
  [[nodiscard]] static std::string steps_missing(const store::Row& line);
  void missing_events(std::vector<std::string>& missing) const;
  void break_rule(std::string rule, std::string detail);

  const Disks& disks_;
  const Topic& topic_;
  const ProviderOffice& office_;
  const Witness& witness_;
  Violation violation_;
  std::uint64_t seen_ = 0;
  std::map<std::string, std::string> events_;                             ///< data by id
  std::map<std::pair<std::string, std::string>, std::int64_t> last_seq_;  ///< by source and key
  std::set<std::pair<std::string, std::string>> given_;                   ///< group and id
  std::map<std::string, std::int64_t> last_given_;  ///< seq, by group, source and key
  /// How far the parts of each line have come, by the view's uid and the order.
  std::map<std::pair<std::string, std::int64_t>, std::array<int, 3>> lines_;
  std::map<std::int64_t, std::string> ends_;  ///< of deliveries, by order: final
};

}  // namespace baedal::simulation
