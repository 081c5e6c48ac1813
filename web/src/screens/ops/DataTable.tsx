import type { ReactNode } from 'react';

interface Props {
  id: string;
  title: string;
  columns: readonly string[];
  /** How many columns at the start hold words; the others hold figures. */
  words: 3 | 4;
  children: ReactNode;
}

/** A panel with a table, which narrow screens scroll sideways. */
export function DataTable({ id, title, columns, words, children }: Props) {
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div className="table-scroll" tabIndex={0} role="group" aria-labelledby={id}>
        <table data-words={words}>
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </section>
  );
}
