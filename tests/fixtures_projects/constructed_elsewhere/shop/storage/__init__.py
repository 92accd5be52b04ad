from shop.storage.repository import Repository as Repository
