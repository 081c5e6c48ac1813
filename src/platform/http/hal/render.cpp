#include "platform/http/hal/render.hpp"

#include <algorithm>

#include "kernel/json/writer.hpp"
#include "kernel/text.hpp"
#include "platform/http/hal/item_form.hpp"
#include "platform/http/percent_encode.hpp"

namespace baedal::http::hal {
namespace {

/// An item of a list stands in the document and in its `_embedded`.
constexpr std::size_t kDepthInList = 2;

std::string item_href(const ResourceType& type, const Resource& item, const std::string& base) {
  std::string href = base;
  href += '/';
  href += type.collection;
  href += '/';
  append_int(href, item.id);
  return href;
}

void write_link(json::Writer& out, std::string_view rel, const std::string& href,
                bool templated = false) {
  out.name(rel).begin_object().name("href").string(href);
  if (templated) out.name("templated").boolean(true);
  out.end_object();
}

/// "…/orders?page=1&size=2&sort=qty,desc", or with `path` another list of the same shape.
std::string page_href(const CollectionView& view, const std::string& path, std::int64_t page) {
  std::string href = path;
  href += href.find('?') == std::string::npos ? "?page=" : "&page=";
  append_int(href, page);
  href += "&size=";
  append_int(href, view.query.size);
  for (const Sort& sort : view.query.sort) {
    href += "&sort=";
    href += sort.property;
    href += sort.descending ? ",desc" : ",asc";
  }
  return href;
}

std::string collection_path(const CollectionView& view) {
  std::string path = view.presentation.base(view.type, view.request);
  path += '/';
  path += view.type.collection;
  return path;
}

/// Without parameters the seed's templated link; with parameters the URL that was asked for.
void write_self(json::Writer& out, const CollectionView& view, const std::string& path) {
  if (!view.request.query.empty()) {
    write_link(out, "self", path + "?" + std::string{view.request.query});
  } else if (view.type.paged) {
    write_link(out, "self", path + "{?page,size,sort}", true);
  } else {
    write_link(out, "self", path);
  }
}

void write_embedded(json::Writer& out, const CollectionView& view, const std::string& base) {
  out.name("_embedded").begin_object().name(view.type.collection).begin_array();
  if (!view.links_only) {
    const ItemForm form(view.type, view.presentation, kDepthInList);
    std::string text;
    for (const Resource& item : view.page.items) {
      text.clear();
      form.append_to(text, item, base);
      out.raw(text);
    }
  }
  out.end_array().end_object();
}

/// Every item of the page under one relation: an array of links.
void write_item_links(json::Writer& out, const CollectionView& view, const std::string& base) {
  out.name(view.type.item).begin_array();
  for (const Resource& item : view.page.items) {
    out.begin_object().name("href").string(item_href(view.type, item, base)).end_object();
  }
  out.end_array();
}

std::int64_t total_pages(const CollectionView& view) {
  return (view.page.total + view.query.size - 1) / view.query.size;
}

void write_collection_links(json::Writer& out, const CollectionView& view,
                            const std::string& base) {
  const std::string path = collection_path(view);
  const std::int64_t last = total_pages(view) - 1;
  const bool has_prev = view.query.page > 0 && last >= 0;
  const bool has_next = view.query.page < last;
  out.name("_links").begin_object();
  if (has_prev || has_next) write_link(out, "first", page_href(view, path, 0));
  if (has_prev) write_link(out, "prev", page_href(view, path, std::min(view.query.page - 1, last)));
  write_self(out, view, path);
  if (has_next) write_link(out, "next", page_href(view, path, view.query.page + 1));
  if (has_prev || has_next) write_link(out, "last", page_href(view, path, last));
  if (view.links_only) write_item_links(out, view, base);
  write_link(out, "profile", base + "/profile/" + std::string{view.type.collection});
  const auto shown = [&](const Search& search) { return view.presentation.shows(search); };
  if (std::ranges::any_of(view.type.searches, shown)) write_link(out, "search", path + "/search");
  out.end_object();
}

}  // namespace

std::string render_item(const ResourceType& type, const Resource& item,
                        const Presentation& presentation, const std::string& base) {
  std::string out;
  ItemForm(type, presentation).append_to(out, item, base);
  return out;
}

json::Object to_object(const ResourceType& type, const Resource& item) {
  json::Object object;
  for (std::size_t i = 0; i < type.properties.size(); ++i) {
    object.set(type.properties[i].name, shown(type.properties[i], item.values[i]));
  }
  return object;
}

std::string render_collection(const CollectionView& view) {
  const std::string base = view.presentation.base(view.type, view.request);
  json::Writer out;
  out.begin_object();
  write_embedded(out, view, base);
  write_collection_links(out, view, base);
  if (view.type.paged) {
    out.name("page").begin_object();
    out.name("size").integer(view.query.size).name("totalElements").integer(view.page.total);
    out.name("totalPages").integer(total_pages(view)).name("number").integer(view.query.page);
    out.end_object();
  }
  return out.end_object().take();
}

std::string render_search_hits(const CollectionView& view) {
  const std::string base = view.presentation.base(view.type, view.request);
  json::Writer out;
  out.begin_object();
  write_embedded(out, view, base);
  out.name("_links").begin_object();
  const std::string self = base + std::string{view.request.target};
  write_link(out, "self", self);
  if (view.page.has_more) {
    std::string search = base + std::string{view.request.path} + "?";
    const auto parameters = parse_query(view.request.query);
    for (const auto& [name, value] : parameters) {
      if (name == "page" || name == "size" || name == "sort") continue;
      if (search.back() != '?') search += '&';
      search += percent_encode(name) + "=" + percent_encode(value);
    }
    write_link(out, "next", page_href(view, search, view.query.page + 1));
  }
  return out.end_object().end_object().take();
}

std::string render_uri_list(const CollectionView& view) {
  const std::string base = view.presentation.base(view.type, view.request);
  std::string out;
  for (const Resource& item : view.page.items) out += item_href(view.type, item, base) + "\n";
  return out;
}

}  // namespace baedal::http::hal
