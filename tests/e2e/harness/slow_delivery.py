"""A proxy in front of a delivery service that lets every cancel wait, as a service does that is
overloaded: the course's own proof of a circuit breaker."""
import asyncio
import random
import threading

CANCEL = b"POST /deliveries/cancellations "


class SlowDelivery:
    """With it as `with`: listens on `url`, passes requests on to `host` and `port`, cancels after a time
    drawn from `delay` seconds. Changing `delay` changes it for what comes."""

    def __init__(self, port, delay=(0.400, 0.620), host="127.0.0.1", listen=("127.0.0.1", 0)):
        self.host, self.port, self.delay, self.asked, self._listen = host, port, delay, 0, listen

    def __enter__(self):
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._serve, *self._listen, backlog=1024), self._loop).result(10)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_):
        async def end():
            self._server.close()
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _serve(self, client, to_client):
        to_delivery = None
        try:
            delivery, to_delivery = await asyncio.open_connection(self.host, self.port)
            while True:
                request = await self._message(client)
                if request.startswith(CANCEL):
                    self.asked += 1
                    await asyncio.sleep(random.uniform(*self.delay))
                to_delivery.write(request)
                to_client.write(await self._message(delivery))
                await to_client.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # either side has ended, as the one that lost its patience does; or the test has
        finally:
            to_client.close()
            if to_delivery:
                to_delivery.close()

    @staticmethod
    async def _message(reader):
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                       if line.lower().startswith(b"content-length:")), 0)
        return head + await reader.readexactly(length)
