#include "platform/store/postgres/relay_lease.hpp"

namespace baedal::store::postgres {

Result<std::optional<std::int64_t>> take_lease(Connection& db, const std::string& holder,
                                               std::chrono::milliseconds ttl) {
  Params params;
  params.add(std::string_view(holder)).add(std::int64_t{ttl.count()});
  const auto answer = db.run(
      "INSERT INTO relay_lease AS l (name, holder, token, expires_at)"
      " VALUES ('relay', $1::text, 1, now() + $2::int8 * interval '1 millisecond')"
      " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = "
      "excluded.expires_at,"
      " token = l.token + CASE WHEN l.holder = excluded.holder THEN 0 ELSE 1 END"
      " WHERE l.holder = excluded.holder OR l.expires_at < now() RETURNING token",
      params);
  if (!answer) return std::unexpected(answer.error());
  if (answer->rows() == 0) return std::nullopt;
  return answer->integer(0, 0);
}

Result<bool> give_back_lease(Connection& db, const std::string& holder) {
  Params params;
  params.add(std::string_view(holder));
  const auto answer = db.run(
      "UPDATE relay_lease SET expires_at = now() - interval '1 hour'"
      " WHERE name = 'relay' AND holder = $1::text",
      params);
  if (!answer) return std::unexpected(answer.error());
  return answer->tag() == "UPDATE 1";
}

}  // namespace baedal::store::postgres
