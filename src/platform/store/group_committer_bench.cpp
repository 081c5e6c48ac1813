// The queue to the writer and back, over an engine that does nothing: what group commit costs each
// caller beside the store itself. The argument is how many callers wait at once.
#include <benchmark/benchmark.h>

#include "kernel/async/manual_executor.hpp"
#include "kernel/async/sync.hpp"
#include "platform/store/group_committer.hpp"

namespace baedal::store {
namespace {

class IdleEngine final : public CommitEngine {
 public:
  Result<void> begin() override { return {}; }
  std::int64_t keys_kept(std::int64_t /*exact_from*/) override { return 0; }
  Result<CommitOutcome> run(const OnceKey&, Store::Body) override { return CommitOutcome{}; }
  Result<void> commit() override { return {}; }
  void rollback() override {}
  std::vector<OutboxRow> take_committed_outbox() override { return {}; }
};

Task<void> commit_one(GroupCommitter& committer) {
  const OnceKey none;
  auto body = [](Tx&) -> Result<std::string> { return std::string{}; };
  const auto outcome = co_await committer.commit_once(none, body);
  benchmark::DoNotOptimize(outcome);
}

Task<void> commit_all(GroupCommitter& committer, std::int64_t callers) {
  TaskGroup group;
  for (std::int64_t i = 0; i < callers; ++i) group.spawn(commit_one(committer));
  co_await group.join();
}

void group_commit(benchmark::State& state) {
  ManualExecutor executor;
  GroupCommitter committer("bench", std::make_unique<IdleEngine>());
  for (auto _ : state) executor.run(commit_all(committer, state.range(0)));
  state.SetItemsProcessed(state.iterations() * state.range(0));
  const GroupCommitStats stats = committer.stats();
  state.counters["bodies_per_group"] =
      static_cast<double>(stats.bodies) / static_cast<double>(stats.groups);
}
BENCHMARK(group_commit)->Arg(1)->Arg(64)->Arg(512)->UseRealTime();

}  // namespace
}  // namespace baedal::store
