#pragma once

#include "kernel/clock.hpp"
#include "kernel/error.hpp"
#include "main/open_store.hpp"
#include "platform/config/settings.hpp"
#include "platform/service/module.hpp"
#include "platform/store/generations.hpp"

namespace baedal {

// A view belongs to one process, which builds it from the events and may build it anew: it has
// stores of its own, named by the process's data folder. On PostgreSQL each is a schema whose name
// ends with a number that is drawn for the folder, so that processes with one database do not share
// a view by chance.

/// The generations of a view's store: each a file, a folder, or a schema of the database.
[[nodiscard]] store::Generations view_generations(const StoreUrl& url,
                                                  const service::StoreSchema& schema,
                                                  const config::Settings& settings,
                                                  const Clock& clock,
                                                  Access access = Access::kServe);

/// Where the view's parked events are kept, beside its generations: they must not go with one.
[[nodiscard]] Result<StoreUrl> parked_events_of_view(StoreUrl url);

}  // namespace baedal
