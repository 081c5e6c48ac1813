#pragma once

#include <memory>
#include <utility>

#include "platform/http/message.hpp"
#include "services/gateway/outbound/instance_set.hpp"

namespace baedal::gateway {

/// A request that an instance has in hand, from the choice of it to the end of its answer.
class InHand {
 public:
  InHand(std::shared_ptr<InstanceSet> set, Instance& instance)
      : set_(std::move(set)), instance_(&instance) {
    ++instance_->in_hand;
  }
  InHand(InHand&& other) noexcept
      : set_(std::move(other.set_)), instance_(std::exchange(other.instance_, nullptr)) {}
  InHand& operator=(InHand&&) = delete;
  ~InHand() {
    if (instance_ != nullptr) --instance_->in_hand;
  }

 private:
  std::shared_ptr<InstanceSet> set_;
  Instance* instance_;
};

/// An answer whose body, or tunnel, goes on keeps its instance busy until that is over.
void hold_on(http::Response& response, InHand in_hand);

}  // namespace baedal::gateway
