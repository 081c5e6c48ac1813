// The name a process has among the members of its groups.
#include "platform/messaging/kafka/instance_id.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "platform/messaging/conformance/test_support.hpp"

namespace baedal::messaging {
namespace {

TEST(InstanceId, a_folder_keeps_its_name_over_restarts) {
  const TempFolder folder;
  std::string first;
  {
    const auto id = InstanceId::of_folder(folder.path() / "new");
    ASSERT_TRUE(id) << id.error().detail;
    first = id->name();
    EXPECT_EQ(first.size(), 16U);
  }
  const auto again = InstanceId::of_folder(folder.path() / "new");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->name(), first);
}

TEST(InstanceId, a_second_process_on_the_folder_gets_none_while_the_first_runs) {
  const TempFolder folder;
  auto first = InstanceId::of_folder(folder.path());
  ASSERT_TRUE(first);
  const auto second = InstanceId::of_folder(folder.path());
  ASSERT_TRUE(second);
  EXPECT_EQ(second->name(), "");
}

TEST(InstanceId, a_file_that_was_cut_short_gets_a_new_name) {
  const TempFolder folder;
  std::ofstream{folder.path() / "instance"} << "0123";
  const auto id = InstanceId::of_folder(folder.path());
  ASSERT_TRUE(id);
  EXPECT_EQ(id->name().size(), 16U);
}

TEST(InstanceId, a_folder_that_cannot_be_used_is_named) {
  const TempFolder folder;
  std::ofstream{folder.path() / "file"} << "";
  const auto id = InstanceId::of_folder(folder.path() / "file");
  ASSERT_FALSE(id);
  EXPECT_NE(id.error().detail.find("file"), std::string::npos);
}

}  // namespace
}  // namespace baedal::messaging
