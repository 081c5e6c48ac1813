/** Which deliveries this courier has taken, as far as this device knows. Taking one's own again changes nothing. */
export interface TakenBox {
  read(): number[];
  write(ids: number[]): void;
}

const remembered = 'baedal.courier.taken';

/** Of that courier, on this device. */
export function deviceTaken(courier: string): TakenBox {
  const name = `${remembered}.${courier}`;
  return {
    read() {
      try {
        const kept: unknown = JSON.parse(localStorage.getItem(name) ?? '[]');
        return Array.isArray(kept) ? kept.filter((id): id is number => typeof id === 'number') : [];
      } catch {
        return [];
      }
    },
    write: (ids) => localStorage.setItem(name, JSON.stringify(ids)),
  };
}

/** What is to be done with each delivery, where couriers complete only what they have taken. */
export class Taken {
  private readonly elsewhere = new Set<number>();

  constructor(private readonly box: TakenBox) {}

  isMine(id: number): boolean {
    return this.box.read().includes(id);
  }

  isElsewhere(id: number): boolean {
    return this.elsewhere.has(id);
  }

  take(id: number): void {
    this.elsewhere.delete(id);
    if (!this.isMine(id)) this.box.write([...this.box.read(), id]);
  }

  leave(id: number): void {
    this.elsewhere.add(id);
    this.forget(id);
  }

  forget(id: number): void {
    this.box.write(this.box.read().filter((other) => other !== id));
  }
}
