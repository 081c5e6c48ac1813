#pragma once

#include <string>

#include "platform/store/generations.hpp"
#include "services/mypage/app/ports.hpp"

namespace baedal::mypage {

/// ViewGenerations over store::Generations. A fresh view takes over the lineage of the live one.
class StoredGenerations final : public ViewGenerations {
 public:
  StoredGenerations(store::Generations& generations, std::string lineage)
      : generations_(generations), lineage_(std::move(lineage)) {}

  Task<Result<std::shared_ptr<ViewStore>>> begin_fresh() override;
  Result<void> promote() override { return generations_.promote(); }
  void discard() override { generations_.discard(); }

 private:
  store::Generations& generations_;
  std::string lineage_;
};

}  // namespace baedal::mypage
