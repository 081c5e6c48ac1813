/** A small drawing for a menu that has no picture of its own, chosen by its name. */
const drawings = {
  roll: (
    <>
      <circle cx="40" cy="44" r="25" className="dark" />
      <circle cx="40" cy="44" r="20.5" className="light" />
      <circle cx="34" cy="39" r="6" className="a" />
      <circle cx="46" cy="41" r="5.5" className="b" />
      <circle cx="39" cy="51" r="6" className="c" />
    </>
  ),
  drink: (
    <>
      <path d="M24 24h32l-4 42H28Z" className="light" />
      <path d="M25.5 36h29l-2.7 30H28.200Z" className="a" />
      <path d="M42 24 46 10h8" className="line" />
      <path d="M22 24h36" className="line" />
    </>
  ),
  noodles: (
    <>
      <path d="M12 38h56a28 24 0 0 1-56 0Z" className="a" />
      <path d="M18 38c2-10 8-10 10 0M28 38c2-12 9-12 11 0M39 38c2-10 9-10 11 0M50 38c2-8 8-8 10 0" className="line" />
      <path d="M50 8 38 38M58 10 44 38" className="line" />
    </>
  ),
  rice: (
    <>
      <path d="M18 38c0-16 44-16 44 0Z" className="light" />
      <circle cx="33" cy="32" r="4" className="b" />
      <circle cx="46" cy="31" r="4" className="c" />
      <path d="M12 38h56a28 24 0 0 1-56 0Z" className="a" />
    </>
  ),
  cakes: (
    <>
      <ellipse cx="40" cy="46" rx="32" ry="21" className="light" />
      <ellipse cx="40" cy="45" rx="25" ry="15" className="a" />
      <path d="M28 40h16M38 49h16M26 51h5M50 41h4" className="cake" />
      <circle cx="34" cy="47" r="2.5" className="c" />
      <circle cx="48" cy="37" r="2.5" className="c" />
    </>
  ),
  stew: (
    <>
      <path d="M32 26c0-6 5-6 5-12M44 26c0-6 5-6 5-12" className="line" />
      <path d="M8 36h64" className="line thick" />
      <path d="M14 36h52c0 20-10 30-26 30S14 56 14 36Z" className="dark" />
      <ellipse cx="40" cy="37" rx="25" ry="6" className="a" />
      <circle cx="33" cy="36" r="3" className="b" />
      <circle cx="46" cy="37" r="3" className="c" />
    </>
  ),
  chicken: (
    <>
      <path d="M22 46c-6-16 10-30 24-24 14 5 14 24 0 30-9 4-20 3-24-6Z" className="a" />
      <path d="M25 52 15 62" className="line thick" />
      <circle cx="13" cy="61" r="4" className="light" />
      <circle cx="17" cy="65" r="4" className="light" />
      <path d="M36 30c3-3 9-3 12 0" className="line" />
    </>
  ),
  pizza: (
    <>
      <path d="M14 22c16-9 36-9 52 0L40 68Z" className="a" />
      <path d="M14 22c16-9 36-9 52 0l-3 6c-14-8-32-8-46 0Z" className="dark" />
      <circle cx="35" cy="36" r="4.5" className="c" />
      <circle cx="48" cy="37" r="4" className="c" />
      <circle cx="41" cy="50" r="4" className="b" />
    </>
  ),
  plate: (
    <>
      <circle cx="40" cy="42" r="26" className="light" />
      <circle cx="40" cy="42" r="18" className="line" />
      <path d="M30 44c2-12 18-12 20 0Z" className="a" />
      <circle cx="36" cy="38" r="2.5" className="b" />
      <circle cx="44" cy="38" r="2.5" className="c" />
    </>
  ),
};

const words: [RegExp, keyof typeof drawings][] = [
  [/(gim|kim)ba[bp]|roll|sushi|maki|김밥|초밥|롤/i, 'roll'],
  [/coffee|latte|juice|tea|cola|drink|smoothie|ade\b|milk|커피|라떼|주스|차$|콜라|음료|에이드/i, 'drink'],
  [/ramen|ramyeon|noodle|udon|pasta|soba|라면|국수|우동|파스타|냉면|면$/i, 'noodles'],
  [/tteok|떡/i, 'cakes'],
  [/stew|soup|jjigae|찌개|국$|탕$|죽/i, 'stew'],
  [/rice|bibim|bowl|curry|밥|카레/i, 'rice'],
  [/chicken|wing|치킨|닭/i, 'chicken'],
  [/pizza|피자/i, 'pizza'],
];

/** One of six tints, always the same for one name. */
export function tintOf(name: string): number {
  let sum = 0;
  for (const character of name) sum = Math.imul(sum ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return ((sum ^ (sum >>> 13)) >>> 0) % 6;
}

export function Dish({ name }: { name: string }) {
  const kind = words.find(([pattern]) => pattern.test(name))?.[1] ?? 'plate';
  return (
    <svg className="dish" data-tint={tintOf(name)} viewBox="0 0 80 80" aria-hidden="true" focusable="false">
      {drawings[kind]}
    </svg>
  );
}
