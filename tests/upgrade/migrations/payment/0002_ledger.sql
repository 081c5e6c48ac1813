ALTER TABLE payments RENAME TO ledger;
