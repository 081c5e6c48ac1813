#include "simulation/hunt.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <new>
#include <vector>

#include "kernel/assert.hpp"
#include "simulation/world.hpp"

namespace baedal::simulation {
namespace {

/// Where a job writes and the parent reads; in memory that both have.
struct Board {
  std::atomic<std::uint64_t> seed{0};  ///< now under way; 0: none
  std::atomic<bool> failed{false};
  Catch totals{};
};

struct Boards {
  std::atomic<bool> stop{false};
  std::array<Board, 64> of_job{};
};

void add(Catch& totals, const Outcome& outcome) {
  ++totals.seeds;
  totals.steps += outcome.steps;
  totals.orders += outcome.orders;
  totals.deaths += static_cast<std::uint64_t>(outcome.deaths);
  totals.virtual_seconds += static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(outcome.virtual_time).count());
  totals.keys_swept += outcome.keys_swept;
  totals.keys_swept_in_trouble += outcome.keys_swept_in_trouble;
  for (std::size_t i = 0; i < kFaultCount; ++i) totals.struck.at(i) += outcome.struck.at(i);
}

/// Every `jobs`-th seed.
void run_job(const Hunt& what, int job, Boards& boards) {
  using Clock = std::chrono::steady_clock;
  Board& board = boards.of_job.at(static_cast<std::size_t>(job));
  const auto end = Clock::now() + what.time;
  const auto step = static_cast<std::uint64_t>(what.jobs);
  for (auto i = static_cast<std::uint64_t>(job); i < what.seeds_max; i += step) {
    if (boards.stop || Clock::now() >= end) return;
    board.seed = what.first_seed + i;
    Plan plan = draw_plan(board.seed);
    plan.bug = what.bug;
    const Outcome outcome = simulate(plan);
    add(board.totals, outcome);
    if (!outcome.is_well()) {
      board.failed = true;
      boards.stop = true;
      return;
    }
    board.seed = 0;
  }
}

Boards& shared_boards() {
  void* memory =
      ::mmap(nullptr, sizeof(Boards), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  BAEDAL_ASSERT(memory != MAP_FAILED);
  return *new (memory) Boards;
}

}  // namespace

Catch hunt(const Hunt& what) {
  Boards& boards = shared_boards();
  BAEDAL_ASSERT(what.jobs >= 1 && what.jobs <= std::ssize(boards.of_job));
  std::vector<pid_t> children;
  for (int job = 0; job < what.jobs; ++job) {
    const pid_t child = ::fork();
    BAEDAL_ASSERT(child >= 0);
    if (child == 0) {
      run_job(what, job, boards);
      ::_exit(0);
    }
    children.push_back(child);
  }
  Catch caught;
  for (std::size_t job = 0; job < children.size(); ++job) {
    int status = 0;
    ::waitpid(children[job], &status, 0);
    const Board& board = boards.of_job.at(job);
    const Catch& totals = board.totals;
    caught.seeds += totals.seeds;
    caught.steps += totals.steps;
    caught.orders += totals.orders;
    caught.deaths += totals.deaths;
    caught.virtual_seconds += totals.virtual_seconds;
    caught.keys_swept += totals.keys_swept;
    caught.keys_swept_in_trouble += totals.keys_swept_in_trouble;
    for (std::size_t i = 0; i < kFaultCount; ++i) caught.struck.at(i) += totals.struck.at(i);
    const bool ended = status != 0;
    if (!board.failed && !ended) continue;
    caught.failed_seed = board.seed.load();
    caught.ended_the_process = ended;
  }
  ::munmap(&boards, sizeof(Boards));
  return caught;
}

}  // namespace baedal::simulation
