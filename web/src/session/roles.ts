/** Who this server takes the visitor for, as GET /me tells it. */
export interface Me {
  /** Null: nobody said. */
  subject: string | null;
  roles: string[];
  /** Everybody may do everything here. */
  open: boolean;
  /** People log in here, with a name and a password. */
  login?: boolean;
  /** Goes with what changes something, for who has logged in here. */
  csrfToken?: string;
}

/** What pages offer, and whose it is: as `x-roles` of the API says. The server decides; this only decides what is shown. */
const doers = {
  order: ['customer', 'operator'],
  readLines: ['customer', 'operator'],
  readOrders: ['customer', 'merchant', 'operator'],
  deliver: ['courier', 'operator'],
  seePayments: ['operator'],
  keepShop: ['merchant', 'operator'],
  operate: ['operator'],
} as const satisfies Record<string, readonly string[]>;

export type Doing = keyof typeof doers;

/** Whether they may. Who they are is not known yet: the server will say what it refuses. */
export function may(me: Me | undefined, doing: Doing): boolean {
  if (!me || me.open) return true;
  return doers[doing].some((role) => me.roles.includes(role));
}

/** Whether they may, or perhaps may once they have said who they are. */
export function mayTry(me: Me | undefined, doing: Doing): boolean {
  return may(me, doing) || (me?.subject === null && me.login === true);
}

/** Whether they complete only what they have taken: couriers, where the server knows who is who. */
export function mustTake(me: Me | undefined): boolean {
  return me !== undefined && !me.open && me.roles.includes('courier') && !me.roles.includes('operator');
}

/** Where they begin. */
export function homeOf(me: Me | undefined): string {
  const homes = { operator: '/ops', merchant: '/shop', courier: '/courier' };
  const found = Object.entries(homes).find(([role]) => me?.roles.includes(role) && !me.roles.includes('customer'));
  return found?.[1] ?? '/';
}
