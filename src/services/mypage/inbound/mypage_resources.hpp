#pragma once

#include "platform/http/hal/resource.hpp"
#include "services/mypage/app/projection.hpp"

namespace baedal::mypage {

extern const http::hal::ResourceType kMypageResourceType;

/// A line as the API shows it.
[[nodiscard]] http::hal::Resource to_resource(const Mypage& line);

/// /mypages: read only, answered from the view alone.
class MypageResources final : public http::hal::Resources {
 public:
  explicit MypageResources(const Projection& projection) : projection_(projection) {}

  [[nodiscard]] const http::hal::ResourceType& type() const override { return kMypageResourceType; }
  Task<Result<std::optional<http::hal::Resource>>> find(std::int64_t id) override;
  Task<Result<http::hal::ResourcePage>> list(const http::hal::ListQuery& query) override;
  Task<Result<http::hal::ResourcePage>> search(std::string_view name, const json::Value& argument,
                                               const http::hal::ListQuery& query) override;

  // Customers see their own lines.
  Task<Result<void>> admit(const auth::Principal& caller, std::int64_t id) override;
  Task<Result<http::hal::ResourcePage>> list_for(const auth::Principal& caller,
                                                 const http::hal::ListQuery& query) override;
  Task<Result<http::hal::ResourcePage>> search_for(const auth::Principal& caller,
                                                   std::string_view name,
                                                   const json::Value& argument,
                                                   const http::hal::ListQuery& query) override;

 private:
  Task<Result<http::hal::ResourcePage>> own_by_status(const auth::Principal& caller,
                                                      const json::Value& word,
                                                      const http::hal::ListQuery& query);

  const Projection& projection_;
};

}  // namespace baedal::mypage
