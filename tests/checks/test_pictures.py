"""script/pictures --check: the pictures of this repository are what the code says, and each kind of
difference is found. Method: a copy of what it reads, one fault planted in it at a time."""
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "script"))
from baedal_pictures.pictures import faults  # noqa: E402

READ = ("src", "api", "docs", "deploy")
STORMING, SYSTEM, CANCEL, KUBERNETES = (f"docs/pictures/{name}.yaml" for name in ("event-storming", "system", "cancel", "kubernetes"))
BASE = "deploy/kubernetes/base"


def command(root):
    return subprocess.run([ROOT / "script" / "pictures", "--check", root], capture_output=True, text=True, timeout=60)


def test_the_pictures_are_what_the_code_says():
    done = command(ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The checkout as far as it is read; each test mends what it broke."""
    root = tmp_path_factory.mktemp("checkout")
    for folder in READ:
        if (ROOT / folder).is_dir():
            shutil.copytree(ROOT / folder, root / folder)
    for page in ROOT.glob("*.md"):
        shutil.copy(page, root)
    return root


# what is planted: (file, text, what it is replaced by, what must be said)
PLANTED = {
    "an event nobody draws": (
        "src/contracts/events.hpp", '}  // namespace event\n', 'inline constexpr std::string_view kDeliveryLate = "DeliveryLate";\n}\n',
        "event DeliveryLate of the code is not drawn"),
    "an event that is gone": (
        "src/contracts/events.hpp", 'inline constexpr std::string_view kPaid = "Paid";\n', "", "event Paid is drawn, and the code has none"),
    "an event drawn by another name": (STORMING, "name: OrderCancelled,", "name: OrderCanceled,", "order's event OrderCanceled is drawn"),
    "a policy that is gone": (
        "src/services/delivery/inbound/delivery_events.cpp", "subscriber.on(contracts::event::kPaymentFailed", "ignore(kPaymentFailed",
        "delivery's policy whenever PaymentFailed: CancelOfOrder is drawn"),
    "a policy nobody draws": (
        "src/services/delivery/inbound/delivery_events.cpp", "subscriber.on(contracts::event::kPaid,",
        "subscriber.on(contracts::event::kOrdered, [&start](const Envelope& e) {});\n  subscriber.on(contracts::event::kPaid,",
        "delivery's policy whenever Ordered: StartDelivery of the code is not drawn"),
    "a policy that runs something else": (STORMING, "runs: StartDelivery", "runs: ChangeDelivery", "whenever Paid: ChangeDelivery is drawn"),
    "a use case nobody draws": (
        "src/services/order/app/place_order.hpp", "class PlaceOrder {", "class RepeatOrder {\n};\nclass PlaceOrder {",
        "order's use case or read model RepeatOrder of the code is not drawn"),
    "a use case that is gone": (
        "src/services/menu/app/delete_menu.hpp", "class DeleteMenu {", "class RemoveMenu {", "menu's use case or read model DeleteMenu is drawn"),
    "an aggregate by another name": (
        "src/services/delivery/domain/delivery.hpp", "struct Delivery {", "struct Trip {", "delivery's aggregate None"),
    "a read model that is gone": (
        "src/services/menu/app/menu_queries.hpp", "class MenuQueries {", "class MenuReads {", "menu's use case or read model MenuQueries is drawn"),
    "a replica nobody draws": (
        "src/services/order/outbound/order_tables.hpp", 'store::Table kMenuReplica{"menu_replica"',
        'store::Table kShopReplica{"shop_replica", {}, {}};\ninline constexpr store::Table kMenuReplica{"menu_replica"',
        "order's use case or read model shop_replica of the code is not drawn"),
    "a query drawn as a command": (STORMING, "kind: view, name: OrderQueries", "kind: command, name: OrderQueries", "order's OrderQueries is drawn as"),
    "a route that is gone": ("api/openapi/baedal.yaml", "\n  /menus:\n", "\n  /dishes:\n", "route POST /menus is drawn"),
    "a call between services nobody draws": (
        "src/main/roles.hpp", 'kOrderNeeds{"menu", "delivery"}', 'kOrderNeeds{"menu", "delivery", "payment"}', "call order asks payment"),
    "an arrow to a policy that is not": (
        STORMING, "from: payment/Paid, to: delivery/StartDelivery", "from: payment/PaymentRefunded, to: delivery/StartDelivery",
        "an arrow from payment/PaymentRefunded"),
    "a port nobody draws": (
        "src/services/order/app/ports.hpp", "class DeliveryDesk {", "class Clerk {\n public:\n  virtual ~Clerk() = default;\n};\nclass DeliveryDesk {",
        "order's port Clerk of the code is not drawn"),
    "an adapter nobody draws": (
        "src/services/payment/outbound/sandbox_provider.hpp", "class SandboxProvider",
        "class BankProvider final : public PaymentProvider {};\nclass SandboxProvider", "adapter of PaymentProvider BankProvider of the code"),
    "an inbound adapter nobody draws": (
        "src/services/order/inbound/order_resources.hpp", "class OrderResources", "class OrderRpc {\n};\nclass OrderResources",
        "order's inbound adapter OrderRpc of the code is not drawn"),
    "an adapter between services that is gone": (
        "src/services/order/outbound/remote_menu.hpp", "public contracts::MenuApi", "public Other", "adapter of a call between services RemoteMenu"),
    "a store of another product": ("src/main/roles.hpp", '"lmdb:mypage"', '"sqlite:mypage.db"', "mypage's store is drawn as lmdb:mypage"),
    "a service that hears less": (SYSTEM, "hears: [Paid, PaymentFailed]", "hears: [Paid]", "delivery hears PaymentFailed of the code"),
    "an event to one who does not listen": (
        CANCEL, "{event: Paid, from: payment, to: [delivery]}", "{event: OrderCancelled, from: order, to: [delivery]}",
        "delivery is told OrderCancelled, which it does not listen to"),
    "an event from another": (CANCEL, "event: Paid, from: payment", "event: Paid, from: order", "order tells Paid, which it does not publish"),
    "a commit with another's event": (CANCEL, "cancel + OrderCancelled + key", "cancel + Paid + key", "order commits Paid"),
    "a code that is not answered": (CANCEL, "409 order-delivered", "409 order-is-gone", "problem code order-is-gone"),
    "a route that is not there": (CANCEL, "PATCH /orders/{id}", "PATCH /orders/{number}", "route PATCH /orders/{number}"),
    "a step that means nothing": (CANCEL, 'says: "void, or refund"', "says: void, or refund", "a step says 'or refund'"),
    "one who takes no part": (CANCEL, "over: [C, delivery]", "over: [C, shop]", "shop takes part"),
    "a Deployment nobody draws": (
        f"{BASE}/menu.yaml", "kind: Deployment\nmetadata:\n  name: menu\n", "kind: Deployment\nmetadata:\n  name: dishes\n",
        "in base: Deployment dishes of the code is not drawn"),
    "a Service that is gone": (f"{BASE}/payment.yaml", "kind: Service\n", "kind: Endpoints\n", "in base: Service payment is drawn"),
    "a gateway nobody outside reaches": (f"{BASE}/gateway.yaml", "type: LoadBalancer", "type: ClusterIP", "Service gateway is drawn as a LoadBalancer"),
    "a StatefulSet that is gone": (
        "deploy/kubernetes/overlays/distributed/kafka.yaml", "kind: StatefulSet", "kind: Pod", "in overlays/distributed: StatefulSet kafka is drawn"),
    "a volume nobody draws": (
        "deploy/kubernetes/overlays/embedded/baedal.yaml", "  name: baedal-data\n", "  name: orders\n", "in overlays/embedded: volume claim orders of the code"),
    "a disruption budget that is gone": (
        f"{BASE}/disruption.yaml", "metadata:\n  name: order\n", "metadata:\n  name: orders\n", "in base: disruption budget order is drawn"),
    "an autoscaler with other bounds": (f"{BASE}/autoscaling.yaml", "maxReplicas: 10", "maxReplicas: 4", "delivery is drawn to scale [1, 10]"),
    "a connection nobody draws": (f"{BASE}/config/menu.env", "BAEDAL_ROLES=menu", "BAEDAL_ROLES=menu\nBAEDAL_ORDER_URL=http://order:8080",
                                  "menu talks to order of the code is not drawn"),
    "a Secret of another name": (f"{BASE}/order.yaml", "secretRef: {name: order-database}", "secretRef: {name: database}", "Secret of order: database"),
    "a migration that is gone": ("deploy/kubernetes/components/migration/job.yaml", "kind: Job", "kind: Pod", "Job migrate is drawn"),
    "an object in a new folder": (
        "deploy/kubernetes/components/local-images/kustomization.yaml", "images:", "spec: {}\n---\nkind: Service\nspec: {}\nmetadata: {name: spare}\nimages:",
        "in deploy/kubernetes: Service spare of the code is not drawn"),
    "views of another number": ("deploy/kubernetes/components/mypage-instances/mypage.yaml", "replicas: 3", "replicas: 2", "mypage is drawn 3 times"),
    "a way that a network policy closes": (
        f"{BASE}/network.yaml", "values: [menu, delivery]", "values: [menu]", "way out order to delivery is drawn"),
    "a way that a network policy opens": (
        "deploy/kubernetes/overlays/distributed/network.yaml", "values: [menu, order, payment, delivery, migrate]", "values: [menu, order, payment, delivery, mypage, migrate]",
        "way in mypage to postgres of the code is not drawn"),
    "a picture that was not drawn again": (SYSTEM, "says: charges, gives back", "says: charges once", "system.svg is not what is drawn from it"),
    "a drawing changed by hand": ("docs/pictures/system.svg", ">gateway</text>", ">Gateway</text>", "system.svg is not what is drawn from it"),
    "text that does not fit": (SYSTEM, "says: what can be ordered", "says: what can be ordered, and at what price", "'what can be ordered, and at what price' is wider than"),
    "notes over each other": (STORMING, "name: MenuChanged, slot: 1", "name: MenuChanged, slot: 0.5", "MenuChanged lies over MenuCreated"),
    "a picture no page shows": ("docs/hexagon.md", "(pictures/hexagon.svg)", "(pictures/other.svg)", "no page shows hexagon.svg"),
}


@pytest.mark.parametrize("fault", PLANTED, ids=[name.replace(" ", "_") for name in PLANTED])
def test_a_planted_difference_is_found(copy, fault):
    path, text, other, said = PLANTED[fault]
    file = copy / path
    whole = file.read_text(encoding="utf-8")
    assert text in whole, f"{path} has no {text!r}: plant another fault"
    file.write_text(whole.replace(text, other), encoding="utf-8")
    try:
        found = faults(copy)
    finally:
        file.write_text(whole, encoding="utf-8")
    assert any(said in line for line in found), found


def test_a_drawing_without_a_source_and_a_source_without_a_drawing_are_found(copy):
    source, drawing = copy / SYSTEM, copy / "docs/pictures/system.svg"
    hidden = source.rename(source.with_suffix(".hidden"))
    assert "docs/pictures/system.svg: has no source" in faults(copy)
    assert "docs/pictures: there is no picture of the kind system" in faults(copy)
    assert command(copy).returncode == 1
    hidden.rename(source)
    kept = drawing.rename(drawing.with_suffix(".hidden"))
    assert any("system.svg is not what is drawn" in line for line in faults(copy))
    kept.rename(drawing)
    assert faults(copy) == []


def test_drawing_twice_gives_the_same_bytes(copy):
    before = {file.name: file.read_bytes() for file in (copy / "docs/pictures").glob("*.svg")}
    subprocess.run([ROOT / "script" / "pictures", copy], check=True, timeout=60)
    assert {file.name: file.read_bytes() for file in (copy / "docs/pictures").glob("*.svg")} == before
