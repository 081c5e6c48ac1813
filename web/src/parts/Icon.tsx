/** Drawn on 24 × 24, one stroke, in the colour of the text around. */
const paths = {
  menu: 'M4 11h16a8 8 0 0 1-16 0ZM9 7.5C9 6 10.5 6 10.5 4.500M13.5 7.500c0-1.5 1.5-1.5 1.5-3',
  me: 'M6 3.500h12v17l-3-2-3 2-3-2-3 2ZM9 8h6M9 12h6',
  courier: 'M5.5 19a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM18.5 19a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8 16.500h4.500L14 11l4.5 5.500M9 11h8M14 7h3l1.5 4',
  shop: 'M4 9.5 5.5 4h13L20 9.500M5 12v8h14v-8M4 9.500a2.7 2.7 0 0 0 5.3 0 2.7 2.7 0 0 0 5.4 0 2.7 2.7 0 0 0 5.3 0M10 20v-5h4v5',
  ops: 'M3 12h4l2.5-7 4.5 14 2.5-7H21',
  explorer: 'M8 8 4 12l4 4M16 8l4 4-4 4M13.5 5l-3 14',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 20 20',
  globe: 'M12 20.500a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM3.5 12h17M12 3.500c-5 5-5 12 0 17M12 3.500c5 5 5 12 0 17',
  auto: 'M12 20.500a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 4v16M12 8h7M12 12h8.500M12 16h7',
  light: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.500v2.500M12 19v2.500M2.5 12H5M19 12h2.500M5.3 5.300l1.7 1.700M17 17l1.7 1.700M18.7 5.3 17 7M7 17l-1.7 1.7',
  dark: 'M20 14.500A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.500Z',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  check: 'M5 12.5 10 17.5 19.5 7',
  cross: 'M6 6l12 12M18 6 6 18',
  alert: 'M12 4 2.8 20h18.400ZM12 10v4.500M12 17.200v.3',
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15ZM10 20.500h4',
  wallet: 'M4 7h14.500A1.5 1.5 0 0 1 20 8.500v9a1.5 1.5 0 0 1-1.5 1.500h-13A1.5 1.5 0 0 1 4 17.500ZM4 7l11-3v3M16 13h.5',
  back: 'M19 12H5M11 6l-6 6 6 6',
  refresh: 'M19.500 12a7.5 7.5 0 1 1-2.2-5.300L20 9.500M20 4.500v5h-5',
  leave: 'M10 4H5v16h5M14 8l4 4-4 4M9 12h9',
  clock: 'M12 20.500a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.500V12l3 2',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
