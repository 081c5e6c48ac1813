"""What deploy/compose says runs: the story of the README by httpie among the containers. The servers
beside Baedal are those of script/local-images. Its user is an operator."""
import json
import os
import uuid

import containers
from containers import run

STORY = r"""
set -e
token=$1
answers() { http -A bearer -a "$token" --ignore-stdin --check-status --body "$@"; }
until_is() {  # what, where, filter: asked again until it is so
  for _ in $(seq 600); do
    [ "$(curl -s -H "Authorization: Bearer $token" "$2" | jq -r "$3")" = "$1" ] && return
    sleep 0.1
  done
  echo "$2 $3 never became $1" >&2; exit 1
}
g=http://gateway:8080
for host in gateway order; do  # the one door, and a service's own port
  [ "$(curl -s -o /dev/null -w '%{http_code}' "http://$host:8080/orders")" = 401 ]
done
answers $g/menus menuNm=Gimbab price=4500 | jq -ec '[.menuId, .price] == [1, 4500]'
answers $g/menus menuNm=Juice price=3000 | jq -ec '.menuId == 2'
answers $g/orders menuId=1 menuNm=Gimbab qty=1 | jq -ec '[.orderId, .status] == [1, "ordered"]'
answers $g/orders menuId=2 menuNm=Juice qty=1 | jq -ec '.orderId == 2'
until_is started $g/orders/1 .deliveryStatus
until_is started $g/orders/2 .deliveryStatus
second=$(answers $g/orders/2 | jq .deliveryId)
answers PATCH $g/deliveries/$second status=complete | jq -ec '.status == "complete"'
until_is complete $g/orders/2 .deliveryStatus
answers PATCH $g/orders/1 status=cancel | jq -ec '[.status, .deliveryStatus] == ["cancel", "cancelled"]'
until_is 'cancel cancelled refunded,ordered complete paid' $g/mypages \
  '[._embedded.mypages[] | [.status, .deliveryStatus, .paymentStatus] | join(" ")] | join(",")'
"""


def test_the_story_is_right_among_the_containers(image):
    local_tag = os.environ.get("BAEDAL_LOCAL_TAG")
    if not local_tag:
        local_tag = "test"
        run(["script/local-images", "--tag", local_tag])
    environment = os.environ | {
        "COMPOSE_PROJECT_NAME": f"baedal-test-{uuid.uuid4().hex[:8]}", "BAEDAL_PORT": "0",
        "BAEDAL_IMAGE": image.name, "BAEDAL_LOCAL_TAG": local_tag}
    compose = ["script/compose", "--local-images"]
    try:
        up = run([*compose, "up"], env=environment)
        assert "baedal: http://127.0.0.1:" in up.stdout
        token = run([*compose, "token", "--for", "the-tests", "--as", "operator"], env=environment).stdout.strip()
        told = run([*compose, "tools", "bash", "-c", STORY, "story", token], env=environment)
        assert "false" not in told.stdout, told.stdout
        log = run([*compose, "logs", "--no-color"], env=environment).stdout
        assert '"level":"ERROR"' not in log, log[-4000:]
    finally:
        run([*compose, "kill"], env=environment, check=False)  # nothing of it is kept
        run([*compose, "down", "--volumes"], env=environment)
    assert not json.loads(containers.docker("ps", "-a", "--format", "{{json .Names}}", "--filter",
                                            f"name={environment['COMPOSE_PROJECT_NAME']}").stdout or "null")
