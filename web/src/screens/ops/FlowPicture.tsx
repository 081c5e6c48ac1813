import { useLanguage } from '../../text/language';
import { rate, type Look } from './metrics';

interface Arrow {
  from: [number, number];
  to: [number, number];
  says: string;
  perSecond: number;
  /** Where the words stand. */
  at: [number, number];
}

const boxes = {
  menu: [110, 60],
  order: [110, 220],
  payment: [400, 220],
  delivery: [690, 220],
  mypage: [400, 380],
} as const satisfies Record<string, [number, number]>;
type Box = keyof typeof boxes;
const wide = 150;
const high = 64;

/** The services in the colours of event storming, and what goes between them this second. */
export function FlowPicture({ now, before }: { now: Look; before: Look | undefined }) {
  const { text, locale } = useLanguage();
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const posts = (uri: string, method: string) => rate(before, now, 'http_server_requests_seconds_count', { uri, method });
  const ended = (outcome: string) => rate(before, now, 'baedal_payments_ended_total', { outcome });
  const taken = (service: string) => rate(before, now, 'baedal_events_total', { service, outcome: 'handled' });
  const arrows: Arrow[] = [
    { from: [0, 220], to: [35, 220], says: '', perSecond: posts('/orders', 'POST'), at: [18, 205] },
    { from: [110, 92], to: [110, 188], says: 'MenuChanged', perSecond: posts('/menus', 'POST') + posts('/menus/{id}', 'PATCH'), at: [120, 144] },
    { from: [185, 212], to: [325, 212], says: 'Ordered', perSecond: taken('payment'), at: [212, 200] },
    { from: [475, 212], to: [615, 212], says: 'Paid', perSecond: ended('paid'), at: [512, 200] },
    { from: [615, 236], to: [475, 236], says: 'Cancelled', perSecond: ended('refunded'), at: [500, 262] },
    { from: [690, 252], to: [475, 372], says: text.ops.news, perSecond: taken('mypage'), at: [600, 340] },
    { from: [110, 252], to: [325, 372], says: '', perSecond: posts('/orders', 'POST'), at: [150, 340] },
    { from: [400, 252], to: [400, 348], says: '', perSecond: ended('paid') + ended('refunded'), at: [408, 305] },
  ];
  return (
    <figure className="panel flow">
      <figcaption>
        <h2>{text.ops.flow}</h2>
        <p className="hint">{text.ops.flowHint}</p>
      </figcaption>
      <div className="flow-scroll" tabIndex={0} role="group" aria-label={text.ops.flow}>
        <svg viewBox="0 0 800 430" role="img" aria-label={text.ops.flowHint}>
          <defs>
            <marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
              <path d="M0 0 10 5 0 10Z" className="tip" />
            </marker>
          </defs>
          {arrows.map(({ from, to, says, perSecond, at }) => (
            <g key={`${from.join()}${to.join()}`} className="arrow" data-flowing={perSecond > 0}>
              <path d={`M${from.join(' ')} ${to.join(' ')}`} markerEnd="url(#tip)" />
              <text x={at[0]} y={at[1]}>
                {says} <tspan className="rate">{perSecond > 0 ? `${number.format(perSecond)}/s` : ''}</tspan>
              </text>
            </g>
          ))}
          {(Object.entries(boxes) as [Box, readonly [number, number]][]).map(([service, [x, y]]) => (
            <g key={service} className="box">
              <rect x={x - wide / 2} y={y - high / 2} width={wide} height={high} rx="14" />
              <text x={x} y={y - 3} textAnchor="middle" className="service">
                {service}
              </text>
              <text x={x} y={y + 17} textAnchor="middle">
                {service === 'menu' ? '' : `${number.format(taken(service))} ${text.ops.perSecond}`}
              </text>
            </g>
          ))}
        </svg>
      </div>
    </figure>
  );
}
