//! The accounts of people: found by their names, made when they are missing - without rights, with a
//! password nobody knows. Those that are here are never changed.

use std::collections::{HashMap, HashSet};

use inventory::netbox_copy::{ACCOUNTS, Object};
use reqwest::Method;
use serde_json::{Value, json};

use super::remote::{Remote, Written, id_of};
use super::run::Run;
use crate::Failure;

const FIELDS: &str = "id,username,email,is_active,first_name,last_name,groups,permissions";

impl Run<'_> {
    /// Learns which account there is which one here.
    pub(super) async fn accounts(&mut self) -> Result<(), Failure> {
        let mut here = names(self.target).await?;
        let mut taken: HashSet<i64> = here.values().copied().collect();
        let mut known = HashMap::new();
        let (mut made, mut moved) = (0, 0);
        let mut next = Some(0);
        while let Some(from) = next {
            let page = self.source.page(ACCOUNTS, FIELDS, from).await?;
            for (id, account) in &page.objects {
                let name = name_of(account);
                let own = match here.get(&name) {
                    Some(own) => Some(*own),
                    None if self.options.dry_run => Some(*id),
                    None => self.account(*id, account, !taken.contains(id)).await?,
                };
                let Some(own) = own else { continue };
                if here.insert(name, own).is_none() {
                    made += 1;
                }
                moved += u64::from(own != *id);
                taken.insert(own);
                known.insert(*id, own);
            }
            self.progress.add(page.objects.len());
            next = page.next;
        }
        self.known.accounts = Some(known);
        self.report.count(ACCOUNTS).created += made;
        if made > 0 {
            self.report.note(format!(
                "{made} accounts of the NetBox were missing here: they have no rights and no known password."
            ));
        }
        if moved > 0 {
            self.report.note(format!("{moved} accounts have another id here: theirs was taken."));
        }
        Ok(())
    }

    /// Makes an account; its id, or none when it was refused.
    async fn account(&mut self, id: i64, account: &Object, free: bool) -> Result<Option<i64>, Failure> {
        let mut body = json!({
            "username": account.get("username"),
            "email": account.get("email"),
            "is_active": account.get("is_active"),
            "password": secret(),
        });
        if let (Some(body), true) = (body.as_object_mut(), free) {
            body.insert("id".to_owned(), json!(id));
        }
        Ok(match self.target.write(&Method::POST, ACCOUNTS, &[body]).await? {
            Written::Done(made) => made.first().and_then(id_of),
            Written::Refused(errors) => {
                let errors = errors.into_iter().next().map(|(_, errors)| errors).unwrap_or_default();
                self.report.fail(ACCOUNTS, id, &errors);
                None
            }
            Written::Failed(reason) => {
                self.report.fail(ACCOUNTS, id, &Value::from(reason));
                None
            }
        })
    }
}

/// The accounts of a server: lower-case name and id.
async fn names(remote: &Remote) -> Result<HashMap<String, i64>, Failure> {
    let mut names = HashMap::new();
    let mut next = Some(0);
    while let Some(from) = next {
        let page = remote.page(ACCOUNTS, "id,username", from).await?;
        names.extend(page.objects.iter().map(|(id, account)| (name_of(account), *id)));
        next = page.next;
    }
    Ok(names)
}

fn name_of(account: &Object) -> String {
    account.get("username").and_then(Value::as_str).unwrap_or_default().to_lowercase()
}

/// A password for nobody: 244 random bits, behind a letter of each case and a numeral.
fn secret() -> String {
    format!("Aa1{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple())
}
