// JSON Patch: the vectors of RFC 6902 appendix A, pointers of RFC 6901, and what is malformed.
#include "platform/http/hal/patch.hpp"

#include <gtest/gtest.h>

#include "kernel/json/parse.hpp"
#include "kernel/json/writer.hpp"

namespace baedal::http::hal {
namespace {

/// The patched document, or the code of the error.
std::string patched(std::string_view target, std::string_view patch) {
  const auto parsed_patch = json::parse(patch);
  if (!parsed_patch) return "unreadable";
  const auto result = apply_json_patch(json::parse(target).value(), *parsed_patch);
  return result ? json::to_compact(*result) : result.error().code;
}

struct Vector {
  const char* name;
  const char* target;
  const char* patch;
  const char* result;
};

constexpr const char* kMissing = "patch-path-missing";

TEST(JsonPatch, the_vectors_of_rfc_6902_appendix_a) {
  const Vector vectors[] = {
      {"A.1 adding an object member", R"({"foo":"bar"})",
       R"([{"op":"add","path":"/baz","value":"qux"}])", R"({"foo":"bar","baz":"qux"})"},
      {"A.2 adding an array element", R"({"foo":["bar","baz"]})",
       R"([{"op":"add","path":"/foo/1","value":"qux"}])", R"({"foo":["bar","qux","baz"]})"},
      {"A.3 removing an object member", R"({"baz":"qux","foo":"bar"})",
       R"([{"op":"remove","path":"/baz"}])", R"({"foo":"bar"})"},
      {"A.4 removing an array element", R"({"foo":["bar","qux","baz"]})",
       R"([{"op":"remove","path":"/foo/1"}])", R"({"foo":["bar","baz"]})"},
      {"A.5 replacing a value", R"({"baz":"qux","foo":"bar"})",
       R"([{"op":"replace","path":"/baz","value":"boo"}])", R"({"baz":"boo","foo":"bar"})"},
      {"A.6 moving a value", R"({"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}})",
       R"([{"op":"move","from":"/foo/waldo","path":"/qux/thud"}])",
       R"({"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}})"},
      {"A.7 moving an array element", R"({"foo":["all","grass","cows","eat"]})",
       R"([{"op":"move","from":"/foo/1","path":"/foo/3"}])",
       R"({"foo":["all","cows","eat","grass"]})"},
      {"A.8 testing a value: success", R"({"baz":"qux","foo":["a",2,"c"]})",
       R"([{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}])",
       R"({"baz":"qux","foo":["a",2,"c"]})"},
      {"A.9 testing a value: error", R"({"baz":"qux"})",
       R"([{"op":"test","path":"/baz","value":"bar"}])", "patch-test-failed"},
      {"A.10 adding a nested member object", R"({"foo":"bar"})",
       R"([{"op":"add","path":"/child","value":{"grandchild":{}}}])",
       R"({"foo":"bar","child":{"grandchild":{}}})"},
      {"A.11 ignoring unrecognized elements", R"({"foo":"bar"})",
       R"([{"op":"add","path":"/baz","value":"qux","xyz":123}])", R"({"foo":"bar","baz":"qux"})"},
      {"A.12 adding to a nonexistent target", R"({"foo":"bar"})",
       R"([{"op":"add","path":"/baz/bat","value":"qux"}])", kMissing},
      {"A.13 invalid JSON Patch document", R"({"foo":"bar"})",
       R"([{"op":"add","path":"/baz","value":"qux","op":"remove"}])", "unreadable"},
      {"A.14 ~ escape ordering", R"({"/":9,"~1":10})",
       R"([{"op":"test","path":"/~01","value":10}])", R"({"/":9,"~1":10})"},
      {"A.15 comparing strings and numbers", R"({"/":9,"~1":10})",
       R"([{"op":"test","path":"/~01","value":"10"}])", "patch-test-failed"},
      {"A.16 adding an array value", R"({"foo":["bar"]})",
       R"([{"op":"add","path":"/foo/-","value":["abc","def"]}])",
       R"({"foo":["bar",["abc","def"]]})"}};
  for (const auto& [name, target, patch, result] : vectors)
    EXPECT_EQ(patched(target, patch), result) << name;
}

TEST(JsonPatch, its_finer_points) {
  const Vector vectors[] = {
      {"add replaces a member", R"({"a":1})", R"([{"op":"add","path":"/a","value":2}])",
       R"({"a":2})"},
      {"add at the end of an array", R"({"a":[1]})", R"([{"op":"add","path":"/a/1","value":2}])",
       R"({"a":[1,2]})"},
      {"add beyond the end", R"({"a":[1]})", R"([{"op":"add","path":"/a/2","value":2}])", kMissing},
      {"add into a number", R"({"a":1})", R"([{"op":"add","path":"/a/b","value":2}])", kMissing},
      {"replace the whole document", R"({"a":1})",
       R"([{"op":"replace","path":"","value":{"b":2}}])", R"({"b":2})"},
      {"replace what is not there", R"({"a":1})", R"([{"op":"replace","path":"/b","value":2}])",
       kMissing},
      {"remove what is not there", R"({"a":1})", R"([{"op":"remove","path":"/b"}])", kMissing},
      {"remove the end mark", R"({"a":[1]})", R"([{"op":"remove","path":"/a/-"}])", kMissing},
      {"a leading zero is no index", R"({"a":[1,2]})", R"([{"op":"remove","path":"/a/01"}])",
       kMissing},
      {"a negative index", R"({"a":[1,2]})", R"([{"op":"remove","path":"/a/-1"}])", kMissing},
      {"an empty name is a name", R"({"":1})", R"([{"op":"replace","path":"/","value":2}])",
       R"({"":2})"},
      {"~1 is a slash", R"({"a/b":1})", R"([{"op":"remove","path":"/a~1b"}])", "{}"},
      {"copy leaves the source", R"({"a":{"b":1}})", R"([{"op":"copy","from":"/a","path":"/c"}])",
       R"({"a":{"b":1},"c":{"b":1}})"},
      {"copy from nowhere", R"({"a":1})", R"([{"op":"copy","from":"/b","path":"/c"}])", kMissing},
      {"move into its own child", R"({"a":{"b":1}})",
       R"([{"op":"move","from":"/a","path":"/a/b"}])", kMissing},
      {"move onto itself", R"({"a":1})", R"([{"op":"move","from":"/a","path":"/a"}])",
       R"({"a":1})"},
      {"test null", R"({"a":null})", R"([{"op":"test","path":"/a","value":null}])",
       R"({"a":null})"},
      {"test what is not there", R"({"a":null})", R"([{"op":"test","path":"/b","value":null}])",
       kMissing},
      {"1 and 1.0 are one number", R"({"a":[1]})", R"([{"op":"test","path":"/a","value":[1.0]}])",
       R"({"a":[1]})"},
      {"members have no order", R"({"a":{"x":1,"y":2}})",
       R"([{"op":"test","path":"/a","value":{"y":2,"x":1.0}}])", R"({"a":{"x":1,"y":2}})"},
      {"one member more differs", R"({"a":{"x":1,"y":2}})",
       R"([{"op":"test","path":"/a","value":{"x":1}}])", "patch-test-failed"},
      {"operations see those before", R"({"a":1})",
       R"([{"op":"copy","from":"/a","path":"/b"},{"op":"replace","path":"/b","value":2},
           {"op":"test","path":"/a","value":1}])",
       R"({"a":1,"b":2})"},
      {"no operation", R"({"a":1})", "[]", R"({"a":1})"}};
  for (const auto& [name, target, patch, result] : vectors)
    EXPECT_EQ(patched(target, patch), result) << name;
}

TEST(JsonPatch, malformed_is_refused_as_such) {
  for (const char* patch :
       {"{}", "7", R"(["text"])", R"([{"path":"/a"}])", R"([{"op":"fly","path":"/a"}])",
        R"([{"op":7,"path":"/a"}])", R"([{"op":"remove"}])", R"([{"op":"remove","path":7}])",
        R"([{"op":"remove","path":"a"}])", R"([{"op":"remove","path":"/~2"}])",
        R"([{"op":"remove","path":"/~"}])", R"([{"op":"replace","path":"/a"}])",
        R"([{"op":"move","path":"/a"}])", R"([{"op":"copy","path":"/a","from":"a"}])"}) {
    EXPECT_EQ(patched(R"({"a":1})", patch), "malformed-patch") << patch;
  }
  std::string many = "[";
  for (int i = 0; i < 101; ++i) many += R"({"op":"test","path":"/a","value":1},)";
  many.back() = ']';
  EXPECT_EQ(patched(R"({"a":1})", many), "malformed-patch")
      << "the number of operations is bounded";
}

TEST(JsonPatch, copies_of_copies_end_before_they_fill_the_memory) {
  const auto doubled = [](int times) {
    std::string patch = "[";
    for (int i = 0; i < times; ++i) {
      patch += i % 2 == 0 ? R"({"op":"copy","from":"","path":"/a"},)"
                          : R"({"op":"copy","from":"","path":"/b"},)";
    }
    patch.back() = ']';
    return patched(R"({"a":1,"text":"some words"})", patch);
  };
  EXPECT_NE(doubled(10), "malformed-patch");
  EXPECT_EQ(doubled(100), "malformed-patch");
}

TEST(ChangedMembers, are_the_new_the_different_and_the_removed_as_null) {
  const auto changes = [](const char* before, const char* after) {
    const json::Value from = json::parse(before).value();
    const json::Value to = json::parse(after).value();
    return json::to_compact(changed_members(*from.get<json::Object>(), *to.get<json::Object>()));
  };
  EXPECT_EQ(changes(R"({"a":1,"b":2})", R"({"b":2,"a":1})"), "{}");
  EXPECT_EQ(changes(R"({"a":1,"b":2})", R"({"a":1,"b":3,"c":4})"), R"({"b":3,"c":4})");
  EXPECT_EQ(changes(R"({"a":1,"b":2})", R"({"b":2})"), R"({"a":null})");
  EXPECT_EQ(changes(R"({"a":null})", "{}"), "{}") << "nothing there, nothing lost";
}

TEST(AskedMembers, are_also_those_that_are_set_to_what_they_are) {
  const auto asked = [](const char* before, const char* text) {
    const json::Value from = json::parse(before).value();
    const json::Value patch = json::parse(text).value();
    const json::Value to = apply_json_patch(from, patch).value();
    return json::to_compact(
        asked_members(*from.get<json::Object>(), *to.get<json::Object>(), patch));
  };
  constexpr const char* kBefore = R"({"a":1,"b":2})";
  EXPECT_EQ(asked(kBefore, R"([{"op":"test","path":"/a","value":1}])"), "{}");
  EXPECT_EQ(asked(kBefore, R"([{"op":"replace","path":"/a","value":1}])"), R"({"a":1})");
  EXPECT_EQ(asked(kBefore, R"([{"op":"replace","path":"/a","value":1},
                               {"op":"add","path":"/c","value":3}])"),
            R"({"c":3,"a":1})");
  EXPECT_EQ(asked(kBefore, R"([{"op":"add","path":"/c","value":3},{"op":"remove","path":"/c"}])"),
            "{}");
}

}  // namespace
}  // namespace baedal::http::hal
