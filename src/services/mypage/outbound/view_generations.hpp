#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "platform/store/generations.hpp"
#include "services/mypage/app/ports.hpp"

namespace baedal::mypage {

/// ViewGenerations over store::Generations. A fresh view takes over the lineage of the live one.
class StoredGenerations final : public ViewGenerations {
 public:
  /// `live` is the store of the current generation.
  StoredGenerations(store::Generations& generations, std::string lineage,
                    std::shared_ptr<store::Store> live)
      : generations_(generations), lineage_(std::move(lineage)), live_(std::move(live)) {}

  Task<Result<std::shared_ptr<ViewStore>>> begin_fresh() override;
  Result<void> promote() override;
  void discard() override;
  /// Any thread.
  [[nodiscard]] std::shared_ptr<store::Store> live() const;

 private:
  store::Generations& generations_;
  std::string lineage_;
  mutable std::mutex mutex_;
  std::shared_ptr<store::Store> live_;
  std::shared_ptr<store::Store> fresh_;
};

}  // namespace baedal::mypage
