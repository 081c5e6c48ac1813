#pragma once

#include <memory>
#include <string>

#include "platform/http/router.hpp"
#include "platform/messaging/relay.hpp"
#include "platform/messaging/store_parking.hpp"
#include "platform/messaging/subscriber.hpp"
#include "platform/service/module.hpp"
#include "platform/store/traced/traced_store.hpp"

namespace baedal {

/// One running service: its store, its code, and its two doors to the bus. Members end in the
/// opposite order of their making.
struct ServiceHost {
  std::string name;
  std::shared_ptr<store::Store> store;               ///< null when the module replaces its store
  std::unique_ptr<store::TracedStore> traced_store;  ///< `store`, as the module writes to it
  std::shared_ptr<store::Store> parking_store;       ///< `store`, unless that one is ever replaced
  std::unique_ptr<messaging::StoreParking> parking;
  std::unique_ptr<service::Module> module;
  std::unique_ptr<messaging::Subscriber> subscriber;           ///< null when it listens to nothing
  std::unique_ptr<messaging::PublishedTypes> published_types;  ///< counted by `relay`
  std::unique_ptr<messaging::Relay> relay;                     ///< null when it publishes nothing
  std::unique_ptr<http::Router> router;

  /// The store the service works on now. Any thread.
  [[nodiscard]] std::shared_ptr<store::Store> current_store() const {
    return store ? store : module->replaced_store();
  }
};

}  // namespace baedal
