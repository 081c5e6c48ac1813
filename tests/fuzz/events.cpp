// Events as they come from the bus: what is understood is written and understood again.
#include "contracts/events.hpp"
#include "fuzz.hpp"
#include "platform/messaging/embedded/envelope_codec.hpp"
#include "platform/messaging/envelope.hpp"

using baedal::fuzz::promise;
using namespace baedal;

namespace {

template <class Event>
void check(Result<Event> (*decode)(std::string_view), std::string_view data) {
  const auto event = decode(data);
  if (!event) return;
  const std::string wire = contracts::encode("Anything", Timestamp{0}, *event);
  const auto again = decode(wire);
  promise(again && contracts::encode("Anything", Timestamp{0}, *again) == wire);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  check(contracts::decode_menu_event, text);
  check(contracts::decode_order_event, text);
  check(contracts::decode_payment_event, text);
  check(contracts::decode_delivery_event, text);
  (void)messaging::type_of(messaging::Envelope{.data = std::string{text}});
  if (const auto envelope = messaging::decode_envelope(text)) {
    std::string record;
    messaging::encode_envelope(*envelope, record);
    const auto again = messaging::decode_envelope(record);
    promise(again && *again == *envelope);
  }
  return 0;
}
