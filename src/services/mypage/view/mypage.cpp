#include "services/mypage/view/mypage.hpp"

#include <algorithm>

namespace baedal::mypage {
namespace {

int rank(OrderStatus status) { return status == OrderStatus::kOrdered ? 1 : 2; }
int rank(DeliveryStatus status) { return status == DeliveryStatus::kStarted ? 1 : 2; }
int rank(PaymentStatus status) { return status == PaymentStatus::kPaid ? 1 : 2; }

template <class Status>
int rank(const std::optional<Status>& status) {
  return status ? rank(*status) : 0;
}

StepType step_of_news(const OrderNews& news) {
  switch (news.status) {
    case OrderStatus::kOrdered:
      return StepType::kOrdered;
    case OrderStatus::kCancelled:
      break;
  }
  return StepType::kOrderCancelled;
}

StepType step_of_news(const DeliveryNews& news) {
  switch (news.status) {
    case DeliveryStatus::kStarted:
      return StepType::kDeliveryStarted;
    case DeliveryStatus::kComplete:
      return StepType::kDeliveryCompleted;
    case DeliveryStatus::kCancelled:
      break;
  }
  return StepType::kDeliveryCancelled;
}

StepType step_of_news(const PaymentNews& news) {
  switch (news.status) {
    case PaymentStatus::kPaid:
      return StepType::kPaid;
    case PaymentStatus::kDeclined:
      return StepType::kDeclined;
    case PaymentStatus::kRefunded:
      break;
  }
  return StepType::kRefunded;
}

struct Merger {
  Mypage& line;

  bool operator()(const OrderNews& news) const {
    bool changed = !line.facts;
    if (!line.facts) line.facts = news.facts;
    // Foreign events do not say it, and stand in with their own time: the earliest is the order's.
    if (news.facts.created_at < line.facts->created_at) {
      line.facts->created_at = news.facts.created_at;
      changed = true;
    }
    return advance(line.status, news.status) || changed;
  }
  bool operator()(const DeliveryNews& news) const {
    if (!advance(line.delivery_status, news.status)) return false;
    line.delivery_id = news.delivery_id;
    return true;
  }
  bool operator()(const PaymentNews& news) const {
    if (!advance(line.payment_status, news.status)) return false;
    line.payment_id = news.payment_id;
    return true;
  }

  template <class Status>
  static bool advance(std::optional<Status>& status, Status news) {
    if (rank(news) <= rank(status)) return false;
    status = news;
    return true;
  }
};

}  // namespace

bool merge(Mypage& line, const Change& change) {
  line.order = change.order;
  const bool is_new = line.steps.take(step_of(change), change.time, change.event);
  if (!std::visit(Merger{line}, change.news)) return is_new;
  line.updated_at = std::max(line.updated_at, change.time);
  return true;
}

StepType step_of(const Change& change) {
  return std::visit([](const auto& news) { return step_of_news(news); }, change.news);
}

std::int64_t version_of(const Mypage& line) {
  return rank(line.status) + rank(line.delivery_status) + rank(line.payment_status);
}

}  // namespace baedal::mypage
