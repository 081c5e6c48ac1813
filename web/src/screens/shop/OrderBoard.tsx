import { PageLink } from '../../app/router';
import type { OrderLike } from '../../hal/types';
import type { Stage } from '../../order/steps';
import { Amount } from '../../parts/Amount';
import { Loading } from '../../parts/Loading';
import { ProblemNote } from '../../parts/ProblemNote';
import { Time } from '../../parts/Time';
import { useText } from '../../text/language';
import { boardOf, stages } from './board';
import type { BoardState } from './useBoard';

const mostInColumn = 30;

function Ticket({ order, stage, fresh }: { order: OrderLike; stage: Stage; fresh: boolean }) {
  return (
    <li className="ticket" data-testid="order-card" data-order-id={order.orderId} data-state={stage} data-version={order.version} data-fresh={fresh}>
      <div className="ticket-head">
        <PageLink to={`/orders/${order.orderId}`} className="cover">
          #{order.orderId}
        </PageLink>
        {order.createdAt && <Time at={order.createdAt} />}
      </div>
      <p className="ticket-item">
        <strong>{order.qty ?? 1} ×</strong> {order.menuNm}
      </p>
      <Amount amount={order.amount} currency={order.currency} />
    </li>
  );
}

export function OrderBoard({ board: { lines, error, fresh } }: { board: BoardState }) {
  const text = useText();
  if (!lines) return error === undefined ? <Loading /> : <ProblemNote error={error} />;
  const board = boardOf(lines);
  return (
    <>
      {error !== undefined && <ProblemNote error={error} />}
      <div className="board">
        {stages.map((stage) => (
          <section key={stage} className="column" data-stage={stage} aria-label={text.shop.columns[stage]}>
            <h2>
              {text.shop.columns[stage]} <span className="count" data-testid={`count-${stage}`}>{board[stage].length}</span>
            </h2>
            <ul>
              {board[stage].slice(0, mostInColumn).map((order) => (
                <Ticket key={order.orderId} order={order} stage={stage} fresh={fresh.includes(order)} />
              ))}
            </ul>
            {board[stage].length === 0 && <p className="hint">{text.shop.none}</p>}
          </section>
        ))}
      </div>
      {lines.length > 0 && <p className="hint board-foot">{text.shop.latest(lines.length)}</p>}
    </>
  );
}
