//! The products in this build, the order in which they start, and their supervision.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use gateway::{ComponentState, Components};
use kit::{Health, Manifest, Plugin, PluginRuntime, Running};

use crate::settings::Settings;

/// Time a product has for its start.
const START: Duration = Duration::from_secs(30);
/// Between two looks at the health of a product.
const LOOK: Duration = Duration::from_secs(10);
/// Longest pause between two tries to start a product.
const PAUSE: Duration = Duration::from_mins(5);

/// Everything in this build. An explicit list: one can see it and search for it.
pub(crate) fn all(settings: Option<&Settings>) -> Vec<Box<dyn Plugin>> {
    let intervals = settings
        .map(|settings| monitoring::Settings {
            links: settings.links_interval,
            tables: settings.tables_interval,
        })
        .unwrap_or_default();
    let drift = settings
        .map(|settings| atlas::Settings { drift_debounce: settings.drift_debounce })
        .unwrap_or_default();
    vec![
        Box::new(atlas::AtlasPlugin::new(drift)),
        Box::new(inventory::InventoryPlugin::default()),
        Box::new(monitoring::MonitoringPlugin::new(intervals)),
    ]
}

/// Who is in this build.
pub(crate) fn manifests() -> Vec<&'static Manifest> {
    all(None).iter().map(|plugin| plugin.manifest()).collect()
}

/// Positions in the order of starting: requirements first, ties by name.
///
/// # Errors
/// Every missing and every circular requirement, with its chain.
pub(crate) fn order(manifests: &[&Manifest]) -> Result<Vec<usize>, Vec<String>> {
    let by_name: BTreeMap<&str, usize> =
        manifests.iter().enumerate().map(|(position, manifest)| (manifest.name, position)).collect();
    let mut errors: Vec<String> = manifests
        .iter()
        .flat_map(|manifest| manifest.requires.iter().map(move |wanted| (manifest, wanted)))
        .filter(|(_, wanted)| !by_name.contains_key(**wanted))
        .map(|(manifest, wanted)| {
            format!("plugin {} requires {wanted}, which is not in this build", manifest.name)
        })
        .collect();
    let mut ordered = Vec::new();
    let mut chain = Vec::new();
    for name in by_name.keys() {
        visit(name, manifests, &by_name, &mut ordered, &mut chain, &mut errors);
    }
    errors.dedup();
    if errors.is_empty() { Ok(ordered) } else { Err(errors) }
}

fn visit<'a>(
    name: &'a str,
    manifests: &[&'a Manifest],
    by_name: &BTreeMap<&'a str, usize>,
    ordered: &mut Vec<usize>,
    chain: &mut Vec<&'a str>,
    errors: &mut Vec<String>,
) {
    let Some(position) = by_name.get(name).copied() else { return };
    if ordered.contains(&position) {
        return;
    }
    if let Some(start) = chain.iter().position(|link| *link == name) {
        let circle: Vec<&str> = chain.iter().skip(start).copied().chain([name]).collect();
        errors.push(format!("plugins require each other in a circle: {}", circle.join(" -> ")));
        return;
    }
    chain.push(name);
    if let Some(manifest) = manifests.get(position) {
        for wanted in manifest.requires {
            visit(wanted, manifests, by_name, ordered, chain, errors);
        }
    }
    chain.pop();
    if !ordered.contains(&position) {
        ordered.push(position);
    }
}

/// Starts the products one after the other and watches them until the server stops. One that fails
/// or panics is tried again with a growing pause; the others run.
pub(crate) async fn supervise(plugins: Vec<Box<dyn Plugin>>, runtime: PluginRuntime, components: Components) {
    let mut started = Vec::new();
    for plugin in plugins {
        let name = plugin.manifest().name;
        components.set(name, false, ComponentState::Starting, None);
        if let Some(running) = try_start(plugin.as_ref(), &runtime, &components).await {
            started.push((plugin, Some(running), Instant::now(), Duration::from_secs(1)));
        } else {
            started.push((plugin, None, Instant::now(), Duration::from_secs(1)));
        }
    }
    while !runtime.stop.is_cancelled() {
        for (plugin, running, tried, pause) in &mut started {
            let name = plugin.manifest().name;
            match running {
                Some(running) => watch(name, running.as_ref(), &components).await,
                None if tried.elapsed() >= *pause => {
                    *running = try_start(plugin.as_ref(), &runtime, &components).await;
                    *tried = Instant::now();
                    *pause = (*pause * 2).min(PAUSE);
                }
                None => {}
            }
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = runtime.stop.cancelled() => {}
        }
    }
    let deadline = Instant::now() + Duration::from_secs(10);
    for (_, running, ..) in started.into_iter().rev() {
        if let Some(running) = running {
            running.stop(deadline).await;
        }
    }
}

async fn try_start(
    plugin: &dyn Plugin,
    runtime: &PluginRuntime,
    components: &Components,
) -> Option<Box<dyn Running>> {
    let name = plugin.manifest().name;
    let start = AssertUnwindSafe(plugin.start(runtime.clone())).catch_unwind();
    let why = match tokio::time::timeout(START, start).await {
        Ok(Ok(Ok(running))) => {
            components.set(name, false, ComponentState::Ready, None);
            return Some(running);
        }
        Ok(Ok(Err(error))) => error.to_string(),
        Ok(Err(_)) => "it panicked while starting; the log has the cause".to_owned(),
        Err(_) => "it did not start within 30 s".to_owned(),
    };
    tracing::error!(plugin = name, why, "a plugin could not start; the rest of the server runs");
    components.set(name, false, ComponentState::Failed, Some(why));
    None
}

async fn watch(name: &str, running: &dyn Running, components: &Components) {
    let health = AssertUnwindSafe(running.health()).catch_unwind();
    let (state, why) = match tokio::time::timeout(Duration::from_secs(2), health).await {
        Ok(Ok(Health::Ok)) => (ComponentState::Ready, None),
        Ok(Ok(Health::Degraded(why))) => (ComponentState::Degraded, Some(why)),
        Ok(Err(_)) => (ComponentState::Failed, Some("its health check panicked".to_owned())),
        Err(_) => (ComponentState::Degraded, Some("its health check took longer than 2 s".to_owned())),
    };
    components.set(name, false, state, why);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(name: &'static str, requires: &'static [&'static str]) -> Manifest {
        Manifest { name, version: "1", description: "", author: "", requires, capabilities: &[] }
    }

    #[test]
    fn requirements_start_first_and_circles_are_named() {
        let (a, b, c) = (manifest("a", &["c"]), manifest("b", &[]), manifest("c", &["b"]));
        assert_eq!(order(&[&a, &b, &c]).unwrap(), [1, 2, 0]);
        let circle = manifest("b", &["a"]);
        let errors = order(&[&a, &circle, &c]).unwrap_err();
        assert!(errors.iter().any(|error| error.contains("a -> c -> b -> a")), "{errors:?}");
        let errors = order(&[&a]).unwrap_err();
        assert_eq!(errors, ["plugin a requires c, which is not in this build"]);
    }

    #[test]
    fn this_build_can_start() {
        let manifests = manifests();
        assert_eq!(order(&manifests).unwrap().len(), manifests.len());
    }
}
