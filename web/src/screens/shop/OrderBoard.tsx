import { memo, useState } from 'react';
import { PageLink } from '../../app/router';
import type { OrderLike } from '../../hal/types';
import { isActive, type Stage } from '../../order/steps';
import { Amount } from '../../parts/Amount';
import { FirstOf } from '../../parts/FirstOf';
import { Loading } from '../../parts/Loading';
import { ProblemNote } from '../../parts/ProblemNote';
import { Time } from '../../parts/Time';
import { useText } from '../../text/language';
import { boardOf, stages, type Board } from './board';
import { sizes, type BoardState } from './useBoard';

/** How many tickets of a column at first. */
const firstOpen = 100;
const firstEnded = 30;

const over = (stage: Stage) => stage === 'delivered' || stage === 'cancelled';

interface TicketProps {
  order: OrderLike;
  stage: Stage;
  /** Set: nobody has seen it yet. */
  see: ((orderId: number) => void) | undefined;
}

const Ticket = memo(function Ticket({ order, stage, see }: TicketProps) {
  const text = useText();
  return (
    <li className="ticket" data-testid="order-card" data-order-id={order.orderId} data-state={stage} data-version={order.version} data-fresh={see !== undefined}>
      <div className="ticket-head">
        <PageLink to={`/orders/${order.orderId}`} className="cover">
          #{order.orderId}
        </PageLink>
        {order.createdAt && <Time at={order.createdAt} />}
      </div>
      <p className="ticket-item">
        <strong>{order.qty ?? 1} ×</strong> {order.menuNm}
      </p>
      <div className="ticket-foot">
        <Amount amount={order.amount} currency={order.currency} />
        {see && (
          <button type="button" className="button small" onClick={() => see(order.orderId)} aria-label={text.shop.seenOf(order.orderId)} data-testid="action-seen-one">
            {text.shop.seen}
          </button>
        )}
      </div>
    </li>
  );
});

/** On a phone one column is shown at a time. */
function StageTabs({ board, shown, choose }: { board: Board; shown: Stage; choose: (stage: Stage) => void }) {
  const text = useText();
  return (
    <fieldset className="chips stage-tabs">
      <legend className="unseen">{text.shop.byState}</legend>
      {stages.map((stage) => (
        <label key={stage}>
          <input type="radio" name="stage" checked={shown === stage} onChange={() => choose(stage)} data-testid={`tab-${stage}`} />
          <span>
            {text.shop.columns[stage]} <b>{board[stage].length}</b>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** What the numbers above are of. */
function Reach({ lines, complete, looking }: { lines: readonly OrderLike[]; complete: boolean; looking: boolean }) {
  const text = useText();
  const ended = lines.filter((line) => !isActive(line)).length;
  return (
    <p className="hint board-foot" data-testid="board-reach" data-complete={complete}>
      {!complete && (looking ? text.shop.looking : text.shop.bounded)} {lines.length >= sizes.latest && text.shop.latest(ended)}
    </p>
  );
}

export function OrderBoard({ board: { lines, complete, looking, error, fresh, see } }: { board: BoardState }) {
  const text = useText();
  const [chosen, setChosen] = useState<Stage>();
  if (!lines) return error === undefined ? <Loading /> : <ProblemNote error={error} />;
  const board = boardOf(lines);
  const shown = chosen ?? stages.find((stage) => board[stage].length > 0) ?? 'waiting';
  const isNew = new Set(fresh.map(({ orderId }) => orderId));
  return (
    <>
      {error !== undefined && <ProblemNote error={error} title={text.shop.late} />}
      <StageTabs board={board} shown={shown} choose={setChosen} />
      <div className="board">
        {stages.map((stage) => (
          <section key={stage} className="column" data-stage={stage} data-shown={stage === shown} aria-label={text.shop.columns[stage]}>
            <h2>
              {text.shop.columns[stage]} <span className="count" data-testid={`count-${stage}`}>{board[stage].length}</span>
            </h2>
            <FirstOf items={board[stage]} step={over(stage) ? firstEnded : firstOpen}>
              {(order) => <Ticket key={order.orderId} order={order} stage={stage} see={isNew.has(order.orderId) ? see : undefined} />}
            </FirstOf>
            {board[stage].length === 0 && <p className="hint">{text.shop.none}</p>}
          </section>
        ))}
      </div>
      <Reach lines={lines} complete={complete} looking={looking} />
    </>
  );
}
