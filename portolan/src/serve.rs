//! The server: opens the stores, wires the rooms, starts the products, serves until told to stop.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use auth::Auth;
use auth::password::Cost;
use bus::{Bus, BusOptions};
use db::{Store, StoreOptions};
use gateway::{Assembled, ComponentState, Components, Identity, Metrics, Parts};
use jobs::{JobRunner, Queue, RunnerOptions};
use kit::plugin::{JobRegistration, Subscription};
use kit::services::SystemContexts;
use kit::{
    EventType, Model, NavEntry, PermissionObject, PermissionRegistry, Plugin, PluginRuntime, Registrar,
    Services, TenantId,
};
use secrets::{KeySource, Vault};
use tokio_util::sync::CancellationToken;

use crate::settings::Settings;
use crate::{Failure, plugins};

/// Rooms of the platform with nothing but records to declare.
const ROOMS: &[&[&Model]] = &[
    records::MODELS,
    sources::MODELS,
    templates::MODELS,
    annotations::MODELS,
    automation::MODELS,
    branches::MODELS,
];

/// Everything the plugins and rooms declare.
struct Described {
    plugins: Vec<Box<dyn Plugin>>,
    registrar: Registrar,
    registry: Arc<PermissionRegistry>,
}

/// The server before it listens.
struct Wired {
    store: Store,
    auth: Auth,
    bus: Arc<Bus>,
    queue: Arc<Queue>,
    vault: Arc<Vault>,
    services: Services,
    components: Components,
    root: TenantId,
    first: Option<auth::tenants::FirstStart>,
    assembled: Assembled,
    metrics: Metrics,
    plugins: Vec<Box<dyn Plugin>>,
    job_handlers: Vec<JobRegistration>,
    event_types: Vec<EventType>,
    subscriptions: Vec<Subscription>,
}

fn describe(settings: &Settings) -> Result<Described, Failure> {
    let mut plugins = plugins::all(Some(settings));
    let manifests: Vec<_> = plugins.iter().map(|plugin| plugin.manifest()).collect();
    let order = plugins::order(&manifests).map_err(|errors| Failure::config(errors.join("\n")))?;
    let mut placed: Vec<Option<Box<dyn Plugin>>> = plugins.drain(..).map(Some).collect();
    let plugins: Vec<Box<dyn Plugin>> =
        order.into_iter().filter_map(|position| placed.get_mut(position).and_then(Option::take)).collect();
    let mut registrar = Registrar::default();
    registrar.models.extend(auth::models::MODELS);
    registrar.models.extend([&jobs::JOB, &jobs::SCHEDULE, &audit::ENTRY, &bus::DEAD_LETTER]);
    registrar.event_types.extend(jobs::EVENTS);
    registrar.event_types.extend(automation::EVENTS);
    registrar.permissions.extend(auth::api::PERMISSIONS);
    registrar.permissions.extend(jobs::PERMISSIONS);
    registrar.permissions.extend(audit::PERMISSIONS);
    registrar.permissions.extend(bus::PERMISSIONS);
    for model in ROOMS.concat() {
        registrar.models.push(model);
        registrar.permissions.push(PermissionObject { object: model.permission, title: model.title_plural });
    }
    for plugin in &plugins {
        plugin.describe(&mut registrar);
    }
    let of_records: Vec<EventType> =
        registrar.models.iter().copied().flat_map(records::event_types).collect();
    registrar.event_types.extend(of_records);
    registrar.navigation.sort_by_key(|entry| entry.order);
    let registry = PermissionRegistry::new(registrar.permissions.iter().copied());
    let registry = Arc::new(registry.with_models(registrar.models.iter().copied()));
    Ok(Described { plugins, registrar, registry })
}

async fn open_store(settings: &Settings) -> Result<Store, Failure> {
    std::fs::create_dir_all(&settings.data_dir).map_err(|error| {
        Failure::config(format!("data directory {}: {error}", settings.data_dir.display()))
    })?;
    let mut options = match &settings.database_url {
        Some(url) => StoreOptions::external(url.clone()),
        None => StoreOptions::embedded(settings.data_dir.clone()),
    };
    options.app_connections = settings.connections;
    Store::open(options).await.map_err(Failure::new)
}

/// The order is fixed: rooms before plugins, records before the tables of models.
async fn migrate_store(store: &Store, described: &Described) -> Result<usize, Failure> {
    let mut lists = vec![
        ("secrets", secrets::MIGRATIONS),
        ("bus", bus::MIGRATIONS),
        ("jobs", jobs::MIGRATIONS),
        ("records", records::MIGRATIONS),
        ("audit", audit::MIGRATIONS),
        ("platform", auth::MIGRATIONS),
        ("sources", sources::MIGRATIONS),
        ("templates", templates::MIGRATIONS),
        ("annotations", annotations::MIGRATIONS),
        ("automation", automation::MIGRATIONS),
        ("branches", branches::MIGRATIONS),
    ];
    lists.extend(described.registrar.migrations.iter().copied());
    Ok(store.migrate(&lists).await.map_err(Failure::new)?.len())
}

async fn wire(settings: &Settings) -> Result<Wired, Failure> {
    let described = describe(settings)?;
    let store = open_store(settings).await?;
    migrate_store(&store, &described).await?;
    let Described { plugins, mut registrar, registry } = described;
    let components = Components::default();
    let services = Services::default();
    let vault = Vault::open(KeySource::File(settings.data_dir.join("master.key")), &store).await;
    let bus = Bus::new(store.clone());
    store.set_event_writer(bus.clone());
    let queue = Queue::new(store.clone());
    let passwords = auth::models::use_passwords(Cost::SERVER).map_err(Failure::new)?;
    let auth = Auth::new(store.clone(), registry, passwords);
    services.offer_secrets(vault.clone());
    services.offer_jobs(queue.clone());
    services.offer_contexts(Arc::new(auth.clone()));
    services.offer_logins(Arc::new(auth.clone()));
    services.offer_templates(Arc::new(templates::Renderer::default()));
    services.offer_graphql(Arc::new(graphql::Executor));
    let egress = egress::Policy::new(settings.webhook_networks.clone());
    let files = sources::Synchroniser::new(
        services.clone(),
        settings.source_directories.clone(),
        egress.clone(),
        &registrar.models,
    );
    registrar.jobs.push(sources::registration(files));
    registrar.subscriptions.extend(automation::subscriptions(&services, egress));
    let images = annotations::ImageStore::new(services.clone());
    services.offer_images(Arc::new(images.clone()));
    let (root, first) = auth.first_start(settings.admin_password.clone()).await.map_err(Failure::new)?;
    let engine = records::Engine::new(&registrar.models, services.clone(), records::Options::default())
        .map_err(|errors| Failure::config(format!("{errors}")))?;
    services.offer_records(Arc::new(engine.clone()));
    let branching = branches::Branches::new(engine.clone(), services.clone());
    registrar.jobs.push(branches::registration(branching.clone()));
    registrar.jobs.push(records::search_rebuild(engine.clone()));
    let navigation: Arc<[NavEntry]> = registrar.navigation.clone().into();
    let mut routers = vec![
        (String::new(), auth::api::router(auth::api::ApiState { auth: auth.clone(), navigation })),
        (String::new(), jobs::router(queue.clone())),
        (String::new(), bus::router(bus.clone())),
        (String::new(), annotations::router(images)),
        (String::new(), sources::router(services.clone())),
        (String::new(), branches::router(branching)),
        (String::new(), graphql::router(&engine)),
    ];
    routers.extend(registrar.routers.drain(..).map(|(path, router)| (path.to_owned(), router)));
    let metrics = Metrics::default();
    let assembled = gateway::assemble(Parts {
        auth: auth.clone(),
        records: engine,
        routers,
        doors: std::mem::take(&mut registrar.doors),
        components: components.clone(),
        metrics: metrics.clone(),
        root_tenant: root,
        cors_origins: settings.cors_origins.clone(),
        ui_directory: settings.ui_dir.clone(),
    })
    .map_err(|errors| Failure::config(errors.join("\n")))?;
    Ok(Wired {
        store,
        auth,
        bus,
        queue,
        vault,
        services,
        components,
        root,
        first,
        assembled,
        metrics,
        plugins,
        job_handlers: registrar.jobs,
        event_types: registrar.event_types,
        subscriptions: registrar.subscriptions,
    })
}

/// Runs the server until SIGTERM or SIGINT.
pub(crate) async fn serve(settings: &Settings) -> Result<(), Failure> {
    start_log(settings)?;
    let started = std::time::Instant::now();
    let public = gateway::bind(settings.listen).await?;
    let admin = match settings.admin_listen {
        Some(address) => Some(gateway::bind(address).await?),
        None => None,
    };
    let identity = identity(settings, public.address)?;
    let wired = wire(settings).await?;
    let stop = CancellationToken::new();
    let contexts: Arc<dyn SystemContexts> = Arc::new(wired.auth.clone());
    wired.components.set("database", true, ComponentState::Ready, None);
    wired
        .bus
        .start(BusOptions {
            types: wired.event_types,
            subscriptions: wired.subscriptions,
            contexts: contexts.clone(),
            retention: bus::Retention::default(),
            stop: stop.clone(),
        })
        .await
        .map_err(Failure::new)?;
    let runtime = PluginRuntime { services: wired.services.clone(), stop: stop.clone() };
    let supervised = tokio::spawn(plugins::supervise(wired.plugins, runtime, wired.components.clone()));
    let options = RunnerOptions { workers: settings.job_workers, ..RunnerOptions::default() };
    let runner = JobRunner::start(
        wired.store.clone(),
        wired.queue.clone(),
        wired.job_handlers,
        contexts,
        options,
        stop.clone(),
    );
    let kept = tokio::spawn(sources::keep(wired.services.clone(), stop.clone()));
    let watched = tokio::spawn(watch_core(
        wired.store.clone(),
        wired.vault.clone(),
        wired.components.clone(),
        stop.clone(),
    ));
    tracing::info!(root = %wired.root, ms = started.elapsed().as_millis() as u64, "ready");
    announce(public.address, identity.as_ref(), wired.first.as_ref());
    let admin_server = admin.map(|listening| {
        let router = gateway::admin_router(wired.components.clone(), wired.metrics.clone());
        let stop = stop.clone();
        tokio::spawn(async move { gateway::serve(listening, router, None, stop).await })
    });
    let signalled = stop.clone();
    tokio::spawn(async move {
        wait_for_signal().await;
        tracing::info!("stopping");
        signalled.cancel();
        wait_for_signal().await;
        std::process::exit(130);
    });
    gateway::serve(public, wired.assembled.router, identity.as_ref(), stop.clone()).await;
    if let Some(server) = admin_server {
        server.await?;
    }
    runner.stopped().await;
    supervised.await?;
    watched.await?;
    kept.await?;
    wired.store.stop().await;
    Ok(())
}

/// Brings the database to this version.
pub(crate) async fn migrate(settings: &Settings) -> Result<(), Failure> {
    start_log(settings)?;
    let described = describe(settings)?;
    let store = open_store(settings).await?;
    let applied = migrate_store(&store, &described).await;
    store.stop().await;
    println!("{} migrations applied; the database has the version of this build.", applied?);
    Ok(())
}

/// Prints the OpenAPI document.
pub(crate) async fn openapi(settings: &Settings) -> Result<(), Failure> {
    let wired = wire(settings).await?;
    println!("{}", serde_json::to_string_pretty(&*wired.assembled.document)?);
    wired.store.stop().await;
    Ok(())
}

fn start_log(settings: &Settings) -> Result<(), Failure> {
    let filter = tracing_subscriber::EnvFilter::try_new(&settings.log_level)
        .map_err(|error| Failure::config(format!("log.level: {error}")))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started =
        if settings.log_json { builder.json().try_init() } else { builder.with_target(false).try_init() };
    started.map_err(Failure::new)
}

/// HTTPS everywhere but on loopback.
fn identity(settings: &Settings, address: SocketAddr) -> Result<Option<Identity>, Failure> {
    if let Some((certificate, key)) = &settings.tls {
        return Ok(Some(Identity::from_files(certificate, key)?));
    }
    if address.ip().is_loopback() {
        return Ok(None);
    }
    let names: Vec<IpAddr> = vec![address.ip()];
    std::fs::create_dir_all(&settings.data_dir)?;
    Ok(Some(Identity::in_directory(Path::new(&settings.data_dir), &names)?))
}

/// What a person needs to know, on standard output: it is not a log.
fn announce(address: SocketAddr, identity: Option<&Identity>, first: Option<&auth::tenants::FirstStart>) {
    let scheme = if identity.is_some() { "https" } else { "http" };
    println!("Portolan is at {scheme}://{address}");
    if let Some(identity) = identity {
        println!("Certificate SHA-256 {}", identity.fingerprint);
    }
    if let Some(first) = first {
        println!("Login       {}", first.login);
        match &first.generated {
            Some(password) => {
                println!(
                    "Password    {}   (shown once; to be changed at the first login)",
                    password.expose()
                );
            }
            None => println!("Password    the one from PORTOLAN_ADMIN_PASSWORD"),
        }
    }
}

/// Database and secrets, looked at every few seconds: `/readyz` tells what it sees.
async fn watch_core(store: Store, vault: Arc<Vault>, components: Components, stop: CancellationToken) {
    loop {
        match store.ping().await {
            Ok(_) => components.set("database", true, ComponentState::Ready, None),
            Err(problem) => components.set("database", true, ComponentState::Failed, Some(problem.detail)),
        }
        match vault.health() {
            kit::Health::Ok => components.set("secrets", false, ComponentState::Ready, None),
            kit::Health::Degraded(why) => {
                components.set("secrets", false, ComponentState::Degraded, Some(why))
            }
        }
        tokio::select! {
            () = tokio::time::sleep(std::time::Duration::from_secs(2)) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// SIGTERM or SIGINT.
pub(crate) async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
