#include "services/menu/inbound/menu_fields.hpp"

#include "platform/http/fields.hpp"

namespace baedal::menu {
namespace {

std::optional<std::string> read_name(http::FieldReader& read) {
  read.require("menuNm");
  auto name = read.text("menuNm", kNameLengthMin, kNameLengthMax);
  if (name && is_blank(*name)) read.reject("menuNm", "must not be blank");
  return name;
}

Currency read_currency(http::FieldReader& read) {
  const auto code = read.text("currency", 3, 3);
  if (!code) return Currency::krw();
  const auto currency = Currency::parse(*code);
  if (!currency) read.reject("currency", "must be a code of ISO 4217, such as KRW");
  return currency.value_or(Currency::krw());
}

}  // namespace

Result<MenuDetails> read_details(const json::Object& body) {
  http::FieldReader read(body);
  MenuDetails details{.name = read_name(read).value_or("")};
  details.price = read.integer("price", kPriceMin, kPriceMax);
  details.currency = read_currency(read);
  details.sold_out = read.boolean("soldOut").value_or(false);
  if (auto ok = read.finish(); !ok) return pass_on(ok);
  return details;
}

Result<MenuChanges> read_changes(const json::Object& body) {
  http::FieldReader read(body);
  MenuChanges changes;
  if (read.has("menuNm")) changes.name = read_name(read);
  if (read.has("price")) changes.price = read.integer("price", kPriceMin, kPriceMax);
  if (read.has("currency")) changes.currency = read_currency(read);
  if (read.has("soldOut")) changes.sold_out = read.boolean("soldOut").value_or(false);
  if (auto ok = read.finish(); !ok) return pass_on(ok);
  return changes;
}

}  // namespace baedal::menu
