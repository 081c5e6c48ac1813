#pragma once

#include <memory>
#include <string>
#include <vector>

#include "contracts/commands.hpp"
#include "kernel/async/sync.hpp"
#include "main/key_sweeper.hpp"
#include "main/service_host.hpp"
#include "platform/store/generations.hpp"
#include "services/order/outbound/remote_service.hpp"
#include "services/payment/app/ports.hpp"
#include "simulation/gateway_role.hpp"
#include "simulation/surroundings.hpp"
#include "simulation/topic_bus.hpp"

namespace baedal::simulation {

/// One life of one process: its roles' real services, wired as the program wires them
/// (main/wiring.cpp), over the ports of the simulation.
class Process final : public Station {
 public:
  Process(Surroundings& surroundings, std::string name, std::vector<std::string> roles);
  /// After die(), or when it is_over().
  ~Process() override;

  /// Begins to open its stores; serves once they are open.
  void start();
  /// Ends in good order, in a while: then it is_over().
  void stop();
  /// Ends now, wherever its coroutines are; nothing they do afterwards reaches anybody.
  void die();

  [[nodiscard]] bool is_serving() const { return serving_ && !stopping_; }
  /// It has stopped, or could not start.
  [[nodiscard]] bool is_over() const { return over_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] VirtualExecutor& executor() { return executor_; }
  [[nodiscard]] VirtualClock& clock() { return clock_; }
  [[nodiscard]] std::vector<ServiceHost>& hosts() { return hosts_; }

  bool serve(Packet packet, Answer answer) override;

 private:
  Task<void> run();
  Task<Result<void>> open();
  Task<Result<ServiceHost>> open_host(std::string role);
  std::shared_ptr<store::Store> open_store(const std::string& role);
  std::unique_ptr<store::Store> disk_store(const std::string& name);
  std::unique_ptr<service::Module> make_module(const std::string& role, const ServiceHost& host,
                                               const std::string& lineage);
  void make_gateway();
  void reach_neighbours();
  void connect(ServiceHost& host, const std::string& group);
  void start_work();
  void listen(bool on);
  std::filesystem::path leave_folder();
  Task<void> end_work();
  Task<void> stop_in_order();
  Task<void> answer_one(Packet packet, Answer answer);
  [[nodiscard]] bool plays(std::string_view role) const;
  [[nodiscard]] order::RemoteOptions remote_options(const std::string& neighbour) const;

  Surroundings& world_;
  const std::string name_;
  const std::vector<std::string> roles_;
  Life life_;
  VirtualExecutor executor_{world_.timeline};
  VirtualClock clock_{executor_};
  Chance random_;
  http::hal::Presentation presentation_;
  TopicBus bus_;
  NetworkSender sender_{name_, world_.network};
  ReachedProvider provider_;
  std::unique_ptr<store::Generations> generations_;
  std::vector<std::unique_ptr<order::RemoteService>> remotes_;
  std::unique_ptr<contracts::MenuApi> remote_menu_;
  std::unique_ptr<contracts::DeliveryApi> remote_delivery_;
  contracts::MenuApi* menu_ = nullptr;
  contracts::DeliveryApi* delivery_ = nullptr;
  std::vector<ServiceHost> hosts_;
  KeySweeper sweeper_;
  http::Router router_;
  std::unique_ptr<GatewayRole> gateway_;  ///< null without that role
  TaskGroup requests_;
  Event started_;  ///< or not: it will not get any further
  bool working_ = false, serving_ = false, stopping_ = false, over_ = false;
};

}  // namespace baedal::simulation
