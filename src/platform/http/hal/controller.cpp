#include "platform/http/hal/controller.hpp"

#include <chrono>
#include <utility>

#include "kernel/json/parse.hpp"
#include "kernel/text.hpp"
#include "platform/http/hal/conditional.hpp"
#include "platform/http/hal/list_query.hpp"
#include "platform/http/hal/negotiate.hpp"
#include "platform/http/hal/patch.hpp"
#include "platform/http/hal/profile.hpp"
#include "platform/http/hal/render.hpp"
#include "platform/http/problem.hpp"

namespace baedal::http::hal {
namespace {

constexpr std::string_view kHal = "application/hal+json";
constexpr std::string_view kJson = "application/json";
constexpr std::string_view kCompact = "application/x-spring-data-compact+json";
constexpr std::string_view kUriList = "text/uri-list";
constexpr std::string_view kMergePatch = "application/merge-patch+json";
constexpr std::string_view kJsonPatch = "application/json-patch+json";
constexpr std::string_view kAlps = "application/alps+json";
constexpr std::string_view kSchema = "application/schema+json";

/// Of a Location: a longer one costs an allocation more.
constexpr std::size_t kLocationUsualMax = 80;
/// How often a JSON Patch is worked out anew because others change the same thing.
constexpr int kPatchAttemptsMax = 8;

Response not_acceptable(const Request& request) {
  return problem(406, "not-acceptable", "None of the media types in Accept can be given.", request);
}

Response not_found(const Request& request) {
  return problem(404, "not-found", "There is no such thing.", request);
}

Response no_content() { return Response{.status = 204}; }

/// The id of the path; anything but a positive number is an unknown thing, hence 404.
std::optional<std::int64_t> id_of(const Request& request) {
  const auto id = parse_int64(request.path_values.at(0));
  return id && *id > 0 ? id : std::nullopt;
}

Result<json::Object> read_object(const Request& request, json::ParseLimits limits) {
  auto parsed = json::parse(request.body, limits);
  if (!parsed) return pass_on(parsed);
  if (json::Object* object = parsed->get<json::Object>()) return std::move(*object);
  return fail(ErrorKind::kInvalid, "not-an-object", "The body must be a JSON object.");
}

/// What a JSON Patch changes of `before`.
Result<json::Object> changes_of(const json::Value& patch, const json::Object& before) {
  auto patched = apply_json_patch(json::Value{before}, patch);
  if (!patched) return pass_on(patched);
  if (const json::Object* after = patched->get<json::Object>())
    return asked_members(before, *after, patch);
  return fail(ErrorKind::kInvalid, "malformed-patch", "The patch must leave an object.");
}

/// A body is wanted when the client says what it would accept (Spring's returnBodyOnCreate).
bool wants_body(const Request& request) {
  const auto accept = request.header("Accept");
  return accept && !trim(*accept).empty();
}

Response unsupported_media_type(const Request& request, std::string name, std::string accepted) {
  Response response = problem(415, "unsupported-media-type",
                              "The Content-Type of the body is not understood here.", request);
  response.with(std::move(name), std::move(accepted));
  return response;
}

}  // namespace

Controller::Controller(Resources& resources, const Presentation& presentation)
    : resources_(resources),
      type_(resources.type()),
      presentation_(presentation),
      service_base_(Presentation{.links = Presentation::Links::kService}.base(type_, {})),
      item_forms_{ItemForm(type_, {.original_only = false}),
                  ItemForm(type_, {.original_only = true})} {}

void Controller::add_routes(Router& router) {
  const std::string path = "/" + std::string{type_.collection};
  router.add(Method::kGet, path, [this](Request& r) { return list(r); });
  router.add(Method::kHead, path, [this](Request& r) { return head_list(r); });
  if (type_.creatable) {
    router.add(Method::kPost, path, [this](Request& r) { return create(r); });
    router.add_options_header(path, "Accept-Post", std::string{kJson});
  }
  add_item_routes(router);
  if (!type_.searches.empty()) add_search_routes(router);
  router.add(Method::kGet, "/profile" + path, [this](Request& r) { return profile(r); });
}

void Controller::add_item_routes(Router& router) {
  const std::string path = "/" + std::string{type_.collection} + "/{id}";
  router.add(Method::kGet, path, [this](Request& r) { return get(r); });
  router.add(Method::kHead, path, [this](Request& r) { return head(r); });
  if (type_.patchable) {
    router.add(Method::kPatch, path, [this](Request& r) { return patch(r); });
    router.add_options_header(
        path, "Accept-Patch",
        "application/merge-patch+json, application/json-patch+json, application/json");
  }
  if (type_.replaceable) router.add(Method::kPut, path, [this](Request& r) { return put(r); });
  if (type_.erasable) router.add(Method::kDelete, path, [this](Request& r) { return erase(r); });
}

Task<Response> Controller::list(Request& request) {
  const auto media = negotiate(request, {kHal, kJson, kCompact, kUriList});
  if (!media) co_return not_acceptable(request);
  const ListQuery query = parse_list_query(type_, request.query, presentation_.page_size_max);
  auto listing =
      request.principal ? resources_.list_for(*request.principal, query) : resources_.list(query);
  auto page = co_await listing;
  if (!page) co_return problem(page.error(), request);
  const CollectionView view{type_, *page, query, request, presentation_, *media == kCompact};
  Response response{.content_type = std::string{*media}};
  response.body = *media == kUriList ? render_uri_list(view) : render_collection(view);
  co_return response;
}

Task<Response> Controller::head_list(Request& request) {
  const std::string base = presentation_.base(type_, request);
  const std::string name{type_.collection};
  Response response = no_content();
  response.with("Link", "<" + base + "/" + name + ">;rel=\"self\",<" + base + "/profile/" + name +
                            ">;rel=\"profile\"");
  co_return response;
}

Task<Response> Controller::create(Request& request) {
  if (!content_type_of(request, {kJson, kHal})) {
    co_return unsupported_media_type(request, "Accept-Post", std::string{kJson});
  }
  if (!negotiate(request, {kHal, kJson})) co_return not_acceptable(request);
  auto begun = idempotency_.begin(request);
  if (!begun) co_return problem(begun.error(), request);
  auto body = read_object(request, presentation_.body);
  if (!body) co_return problem(body.error(), request);
  auto creating = request.principal ? resources_.create_by(*request.principal, *body, begun->key)
                                    : resources_.create(*body, begun->key);
  const auto result = co_await creating;
  co_return written(result, 201, request);
}

Task<Response> Controller::get(Request& request) {
  const auto media = negotiate(request, {kHal, kJson});
  if (!media) co_return not_acceptable(request);
  const auto id = id_of(request);
  if (!id) co_return not_found(request);
  if (request.principal) {
    auto admitted = co_await resources_.admit(*request.principal, *id);
    if (!admitted) co_return problem(admitted.error(), request);
  }
  auto found = co_await resources_.find(*id);
  if (!found) co_return problem(found.error(), request);
  if (!*found) co_return not_found(request);
  if (none_match_hits(request, (*found)->version)) {
    Response unchanged{.status = 304};
    unchanged.with("ETag", etag((*found)->version));
    co_return unchanged;
  }
  co_return item(**found, 200, *media, request);
}

Task<Response> Controller::head(Request& request) {
  const auto id = id_of(request);
  if (!id) co_return not_found(request);
  if (request.principal) {
    auto admitted = co_await resources_.admit(*request.principal, *id);
    if (!admitted) co_return problem(admitted.error(), request);
  }
  auto found = co_await resources_.find(*id);
  if (!found) co_return problem(found.error(), request);
  if (!*found) co_return not_found(request);
  const std::string href = presentation_.base(type_, request) + std::string{request.path};
  Response response = no_content();
  response.with(
      "Link", "<" + href + ">;rel=\"self\",<" + href + ">;rel=\"" + std::string{type_.item} + "\"");
  response.with("ETag", etag((*found)->version));
  co_return response;
}

Task<Response> Controller::patch(Request& request) {
  if (!content_type_of(request, {kJson, kHal, kMergePatch, kJsonPatch})) {
    co_return unsupported_media_type(
        request, "Accept-Patch",
        "application/merge-patch+json, application/json-patch+json, application/json");
  }
  if (!negotiate(request, {kHal, kJson})) co_return not_acceptable(request);
  const auto id = id_of(request);
  if (!id) co_return not_found(request);
  if (request.principal) {
    auto admitted = co_await resources_.admit(*request.principal, *id);
    if (!admitted) co_return problem(admitted.error(), request);
  }
  auto precondition = if_match(request);
  if (!precondition) co_return problem(precondition.error(), request);
  auto begun = idempotency_.begin(request);
  if (!begun) co_return problem(begun.error(), request);
  if (content_type_of(request, {kJsonPatch})) {
    co_return co_await json_patch(*id, *precondition, begun->key, request);
  }
  auto changes = read_object(request, presentation_.body);
  if (!changes) co_return problem(changes.error(), request);
  auto changing = change(*id, *changes, *precondition, begun->key, request);
  auto result = co_await changing;
  if (!result) co_return co_await refused(*id, result.error(), request);
  co_return written(result, 200, request);
}

Task<Result<Written>> Controller::change(std::int64_t id, const json::Object& changes,
                                         const Precondition& precondition, const OnceKey& key,
                                         const Request& request) {
  return request.principal
             ? resources_.change_by(*request.principal, id, changes, precondition, key)
             : resources_.change(id, changes, precondition, key);
}

/// The patch is worked out on the version just read and committed only upon that version, so that
/// its `test` operations hold; when somebody else came in between, it is worked out again.
Task<Response> Controller::json_patch(std::int64_t id, const Precondition& precondition,
                                      const OnceKey& key, Request& request) {
  const auto patch = json::parse(request.body, presentation_.body);
  if (!patch) co_return problem(patch.error(), request);
  // A replay gives the first answer, although the patch may no longer fit the present state.
  auto first = co_await resources_.recall(key);
  if (!first) co_return problem(first.error(), request);
  if (*first) co_return written(std::move(**first), 200, request);
  for (int attempt = 0; attempt < kPatchAttemptsMax; ++attempt) {
    auto found = co_await resources_.find(id);
    if (!found) co_return problem(found.error(), request);
    if (!*found) co_return not_found(request);
    const Resource& present = **found;
    if (!precondition.allows(present.version)) {
      const Error mismatch{ErrorKind::kPreconditionFailed, "version-mismatch",
                           "The present version is not one that If-Match asks for."};
      co_return problem(mismatch, request);
    }
    const auto changes = changes_of(*patch, to_object(type_, present));
    if (!changes) co_return co_await refused(id, changes.error(), request);
    const Precondition unchanged{.any = false, .versions = {present.version}};
    auto changing = change(id, *changes, unchanged, key, request);
    auto result = co_await changing;
    if (result) co_return written(result, 200, request);
    if (result.error().kind != ErrorKind::kPreconditionFailed) {
      co_return co_await refused(id, result.error(), request);
    }
  }
  const Error busy{ErrorKind::kConflict,
                   "changed-meanwhile",
                   "Others keep changing it; the patch could not be applied.",
                   {},
                   std::chrono::seconds{1}};
  co_return co_await refused(id, busy, request);
}

Task<Response> Controller::put(Request& request) {
  if (!content_type_of(request, {kJson, kHal})) {
    co_return unsupported_media_type(request, "Accept", std::string{kJson});
  }
  if (!negotiate(request, {kHal, kJson})) co_return not_acceptable(request);
  const auto id = id_of(request);
  if (!id) co_return not_found(request);
  if (request.principal) {
    auto admitted = co_await resources_.admit(*request.principal, *id);
    if (!admitted) co_return problem(admitted.error(), request);
  }
  auto precondition = if_match(request);
  if (!precondition) co_return problem(precondition.error(), request);
  auto begun = idempotency_.begin(request);
  if (!begun) co_return problem(begun.error(), request);
  auto body = read_object(request, presentation_.body);
  if (!body) co_return problem(body.error(), request);
  auto replacing = request.principal ? resources_.replace_by(*request.principal, *id, *body,
                                                             *precondition, begun->key)
                                     : resources_.replace(*id, *body, *precondition, begun->key);
  auto result = co_await replacing;
  if (!result) co_return co_await refused(*id, result.error(), request);
  co_return written(result, 200, request);
}

Task<Response> Controller::erase(Request& request) {
  const auto id = id_of(request);
  if (!id) co_return not_found(request);
  if (request.principal) {
    auto admitted = co_await resources_.admit(*request.principal, *id);
    if (!admitted) co_return problem(admitted.error(), request);
  }
  auto precondition = if_match(request);
  if (!precondition) co_return problem(precondition.error(), request);
  const auto erased = co_await resources_.erase(*id, *precondition);
  if (!erased) co_return problem(erased.error(), request);
  co_return no_content();
}

/// A refusal by the present state shows that state, so that the client need not ask again.
Task<Response> Controller::refused(std::int64_t id, const Error& error, Request& request) {
  if (error.kind != ErrorKind::kConflict) co_return problem(error, request);
  auto found = co_await resources_.find(id);
  if (!found || !*found) co_return problem(error, request);
  const std::string base = presentation_.base(type_, request);
  const std::string extra =
      "\"" + std::string{type_.item} + "\":" + render_item(type_, **found, presentation_, base);
  Response response = problem(error, request, extra);
  response.with("ETag", etag((*found)->version));
  co_return response;
}

Task<Response> Controller::profile(Request& request) {
  const auto media = negotiate(request, {kAlps, kSchema, kJson});
  if (!media) co_return not_acceptable(request);
  Response response{.content_type = std::string{*media}};
  response.body =
      *media == kSchema ? json_schema(type_) : alps(type_, presentation_.base(type_, request));
  co_return response;
}

Response Controller::written(const Result<Written>& result, int status, Request& request) const {
  if (!result) return problem(result.error(), request);
  const Resource& resource = result->value;
  const bool with_body = wants_body(request);
  Response response{.status = with_body || status != 200 ? status : 204};
  if (with_body) {
    const auto media = negotiate(request, {kHal, kJson});
    response = item(resource, status, media.value_or(kHal), request);
  } else {
    response.headers.reserve(2);
    response.with("ETag", etag(resource.version));
  }
  if (status == 201) {
    std::string location;
    location.reserve(kLocationUsualMax);
    presentation_.append_base(location, type_, request);
    location.append("/").append(type_.collection).append("/");
    append_int(location, resource.id);
    response.with("Location", std::move(location));
  }
  if (result->replayed) response.with("Idempotent-Replayed", "true");
  return response;
}

Response Controller::item(const Resource& resource, int status, std::string_view media,
                          Request& request) const {
  Response response{.status = status, .content_type = std::string{media}};
  const ItemForm& form = item_forms_[presentation_.original_only ? 1 : 0];
  const bool forwarded = presentation_.links == Presentation::Links::kForwarded;
  form.append_to(response.body, resource,
                 forwarded ? std::string_view{request.link_base} : service_base_);
  response.headers.reserve(2);  // ETag and Location
  response.with("ETag", etag(resource.version));
  return response;
}

}  // namespace baedal::http::hal
